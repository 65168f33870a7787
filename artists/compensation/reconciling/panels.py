"""What comparisons add to the sweep, to status and to staff's today."""

from portal.panels import Panel, register_panel, register_status
from portal.sweeps import register_sweep

from .comparing import sweep_rail
from .queries import alarm, standing

register_sweep("payments.rail", sweep_rail)
register_status("reconcile", standing)
register_panel(Panel("today", "findings", "compensation/reconciling/today_panel.html", 73, alarm))
