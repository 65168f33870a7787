from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sharing', '0004_under_terms'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), ('outcome', 'approved')), models.Q(('ground__in', ['confidential', 'rights', 'person', 'personal-data', 'minors', 'hate', 'violence', 'sexual', 'deception', 'label', 'faulty']), ('outcome', 'refused'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='sharing_refusal_on_a_ground'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('reviewer__isnull', False), ('outcome', 'approved'), _connector='OR'), name='sharing_clock_never_refuses'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_frame', None), ('last_frame', None)), models.Q(('first_frame__isnull', False), ('last_frame__gte', models.F('first_frame'))), _connector='OR'), name='sharing_decision_frames'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('revokes', False), ('stands', True)), fields=('request', 'reviewer'), name='sharing_one_view_each'),
        ),
        migrations.AddConstraint(
            model_name='groundwording',
            constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['confidential', 'rights', 'person', 'personal-data', 'minors', 'hate', 'violence', 'sexual', 'deception', 'label', 'faulty'])), name='sharing_wording_of_a_ground'),
        ),
        migrations.AddConstraint(
            model_name='groundwording',
            constraint=models.CheckConstraint(condition=models.Q(('definition', ''), _negated=True), name='sharing_wording_says_something'),
        ),
        migrations.AddConstraint(
            model_name='groundwording',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('definition__icontains', 'critici'), _negated=True), models.Q(('definition__icontains', 'critiq'), _negated=True), models.Q(('example__icontains', 'critici'), _negated=True), models.Q(('example__icontains', 'critiq'), _negated=True)), name='sharing_criticism_is_no_ground'),
        ),
        migrations.AddConstraint(
            model_name='sharerequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'waiting', 'in_review', 'question', 'escalated', 'resting', 'approved', 'refused', 'in_appeal', 'withdrawn', 'expired'])), name='sharing_state_known'),
        ),
        migrations.AddConstraint(
            model_name='sharerequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'waiting', 'in_review', 'question', 'escalated', 'resting', 'approved', 'in_appeal'))), fields=('clip', 'scope'), name='sharing_one_open_request_per_scope'),
        ),
        migrations.AddConstraint(
            model_name='sharerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'resting'), _negated=True), models.Q(('outcome__in', ['approved', 'refused']), ('tell_at__isnull', False)), _connector='OR'), name='sharing_resting_has_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='sharerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_review'), _negated=True), models.Q(('clock_from__isnull', False), ('clock_left__isnull', False), ('due_at__isnull', False), ('terms__isnull', False)), _connector='OR'), name='sharing_review_has_a_clock'),
        ),
        migrations.AddConstraint(
            model_name='sharerequest',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('asked_at')), _connector='OR'), name='sharing_approval_ends_later'),
        ),
        migrations.AddConstraint(
            model_name='collaborator',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'confirmed', 'declined'])), name='sharing_collaborator_known'),
        ),
        migrations.AddConstraint(
            model_name='collaborator',
            constraint=models.UniqueConstraint(fields=('request', 'person'), name='sharing_collaborator_once'),
        ),
        migrations.AddConstraint(
            model_name='concern',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered'])), name='sharing_concern_state_known'),
        ),
        migrations.AddConstraint(
            model_name='concern',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='sharing_concern_says_something'),
        ),
        migrations.AddConstraint(
            model_name='concern',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'open')), models.Q(('answered_at__isnull', False), ('state', 'answered'), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='sharing_concern_answered_with_words'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.UniqueConstraint(fields=('request', 'reviewer'), name='sharing_conflict_once'),
        ),
        migrations.AddConstraint(
            model_name='decisiondraft',
            constraint=models.UniqueConstraint(fields=('request', 'reviewer'), name='sharing_one_draft_each'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='sharing_note_says_something'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('last_frame__gte', models.F('first_frame'))), name='sharing_note_frames'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='sharing_question_asks'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('request',), name='sharing_one_open_question'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.UniqueConstraint(fields=('request', 'reviewer'), name='sharing_one_sitting_each'),
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=models.CheckConstraint(condition=models.Q(('consequence__in', ['approved', 'escalated'])), name='sharing_consequence_known'),
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=models.CheckConstraint(condition=models.Q(('hours__gte', 1), ('hours__lte', 720)), name='sharing_clock_runs'),
        ),
    ]
