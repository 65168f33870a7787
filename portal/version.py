"""The version of this product, as reports and the status name it."""

VERSION = "0.1.0"
