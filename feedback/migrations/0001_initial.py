import core.fields
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import users.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('alignment', '0001_initial'),
        ('leads', '0001_initial'),
        ('users', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkingCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('zone', models.CharField(max_length=60, validators=[users.models.check_zone], verbose_name='time zone')),
                ('country', models.CharField(blank=True, help_text='Public holidays of this country.', max_length=2)),
                ('region', models.CharField(blank=True, max_length=10)),
                ('is_default', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='one_calendar_is_the_default')],
            },
        ),
        migrations.CreateModel(
            name='CalendarInterval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intervals', to='feedback.workingcalendar')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('starts', models.TimeField()),
                ('ends', models.TimeField()),
            ],
            options={
                'ordering': ['weekday', 'starts'],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='weekday_is_0_to_6'), models.CheckConstraint(condition=models.Q(('starts__lt', models.F('ends'))), name='interval_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days_off', to='feedback.workingcalendar')),
                ('day', models.DateField()),
                ('label', models.CharField(max_length=80)),
            ],
            options={
                'ordering': ['day'],
                'constraints': [models.UniqueConstraint(fields=('calendar', 'day'), name='day_off_once_a_calendar')],
            },
        ),
        migrations.CreateModel(
            name='CompanyHoliday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('label', models.CharField(max_length=80)),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='TeamHours',
            fields=[
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='hours', serialize=False, to='users.team')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='feedback.workingcalendar')),
            ],
            options={
                'verbose_name_plural': 'team hours',
            },
        ),
        migrations.CreateModel(
            name='RepSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rep_settings', to=settings.AUTH_USER_MODEL)),
                ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='feedback.workingcalendar')),
                ('is_away', models.BooleanField(default=False)),
                ('capacity', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('per_day', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('per_week', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('weight', models.PositiveSmallIntegerField(default=1)),
                ('ramp_from', models.DateField(blank=True, null=True)),
                ('ramp_weeks', models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'rep settings',
                'constraints': [models.CheckConstraint(condition=models.Q(('weight__gte', 1)), name='weight_is_at_least_1'), models.CheckConstraint(condition=models.Q(models.Q(('ramp_from', None), ('ramp_weeks', None)), models.Q(('ramp_from__isnull', False), ('ramp_weeks__gte', 1), ('ramp_weeks__isnull', False)), _connector='OR'), name='ramp_has_a_start_and_weeks')],
            },
        ),
        migrations.CreateModel(
            name='Handoff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lead', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='handoffs', to='leads.lead')),
                ('cycle', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'In the pool'), ('assigned', 'Assigned'), ('accepted', 'Accepted'), ('rejected', 'Rejected'), ('recycled', 'Recycled'), ('duplicate', 'Duplicate'), ('disqualified', 'Disqualified'), ('withdrawn', 'Withdrawn'), ('qualified', 'Qualified'), ('won', 'Won'), ('lost', 'Lost')], default='waiting', max_length=12)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handoffs', to='users.team')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.version')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.slaterm')),
                ('grade', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1)),
                ('total', models.SmallIntegerField()),
                ('facts', models.JSONField(help_text='What the lead was judged on, by field key.')),
                ('ready_at', models.DateTimeField(help_text='When the lead became sales-ready.')),
                ('first_assigned_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('not_ready_since', models.DateTimeField(blank=True, null=True)),
                ('held_until', models.DateTimeField(blank=True, help_text='In the pool: it is not dealt before, but may be claimed.', null=True)),
                ('pooled_at', models.DateTimeField(blank=True, null=True)),
                ('pool_due_at', models.DateTimeField(blank=True, null=True)),
                ('pool_event_at', models.DateTimeField(blank=True, null=True)),
                ('closed_grade', models.CharField(blank=True, choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], default='', max_length=1)),
                ('closed_total', models.SmallIntegerField(blank=True, null=True)),
                ('back_before', models.DateField(blank=True, null=True)),
                ('withdrawn_why', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('not_ready_since', None), ('pool_event_at__isnull', False)), fields=['pool_event_at'], name='handoff_due_in_pool'), models.Index(fields=['state', '-id'], name='handoff_by_state'), models.Index(condition=models.Q(('state', 'waiting')), fields=['grade', '-total', 'id'], name='handoff_in_pool')],
                'constraints': [models.UniqueConstraint(fields=('lead', 'cycle'), name='cycle_once_a_lead'), models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'assigned', 'accepted'])), fields=('lead',), name='lead_has_one_open_handoff'), models.CheckConstraint(condition=models.Q(('state', 'waiting'), models.Q(('pool_due_at', None), ('pool_event_at', None), ('pooled_at', None)), _connector='OR'), name='pool_clock_runs_in_the_pool'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('withdrawn_why', ''), _negated=True), _connector='OR'), name='withdrawal_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handoff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='feedback.handoff')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('why', models.CharField(help_text='Why this owner.', max_length=200)),
                ('grade', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1)),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.version')),
                ('source', models.CharField(blank=True, max_length=120)),
                ('source_folded', core.fields.FoldedField(blank=True, default='', editable=False, max_length=400, source='source')),
                ('system_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('assigned_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('response_due_at', models.DateTimeField()),
                ('decision_due_at', models.DateTimeField()),
                ('responded_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('response_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('decision_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('callback_at', models.DateTimeField(blank=True, null=True)),
                ('next_event_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('next_event_at__isnull', False)), fields=['next_event_at'], name='assignment_due_for_sweep'), models.Index(fields=['owner', '-assigned_at'], name='assignment_of_owner'), models.Index(condition=models.Q(('ended_at', None)), fields=['owner', '-id'], name='open_assignment_of_owner'), models.Index(condition=models.Q(('ended_at', None), models.Q(('responded_at', None), ('decided_at', None), _connector='OR')), fields=['id'], name='watched_assignment'), models.Index(fields=['assigned_at'], name='assignment_by_start'), models.Index(fields=['response_due_at'], name='assignment_by_response_due'), models.Index(fields=['decision_due_at'], name='assignment_by_decision_due'), models.Index(fields=['decided_at'], name='assignment_by_decision')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('handoff',), name='handoff_has_one_owner_at_once')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handoff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='feedback.handoff')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='feedback.assignment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('call', 'Call'), ('email', 'E-mail'), ('meeting', 'Meeting'), ('note', 'Note')], max_length=10)),
                ('result', models.CharField(blank=True, choices=[('reached', 'Reached'), ('no_answer', 'No answer'), ('message', 'Left a message'), ('sent', 'Sent'), ('wrong', 'Wrong number or address')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('happened_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handoff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='feedback.handoff')),
                ('kind', models.CharField(choices=[('qualified', 'Qualified'), ('won', 'Won'), ('lost', 'Lost'), ('retained', 'Retained'), ('churned', 'Churned')], max_length=10)),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('amount_reporting', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.version')),
                ('facts', models.JSONField()),
            ],
            options={
                'ordering': ['-at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'retained'), _negated=True), fields=('handoff', 'kind'), name='outcome_once_a_handoff'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'won'), _negated=True), ('amount__isnull', False), _connector='OR'), name='won_has_an_amount')],
            },
        ),
        migrations.CreateModel(
            name='ContentPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160)),
                ('title_folded', core.fields.FoldedField(blank=True, default='', editable=False, max_length=400, source='title')),
                ('kind', models.CharField(choices=[('article', 'Article'), ('case_study', 'Case study'), ('price_sheet', 'Price sheet'), ('calculation', 'Calculation'), ('checklist', 'Checklist'), ('video', 'Video'), ('mail', 'Template mail'), ('other', 'Other')], max_length=12)),
                ('url', models.CharField(blank=True, max_length=500, verbose_name='link')),
                ('text', models.TextField(blank=True, verbose_name='text to copy')),
                ('dimension', models.CharField(blank=True, choices=[('budget', 'Budget'), ('authority', 'Authority'), ('need', 'Need'), ('timeframe', 'Timeframe'), ('fit', 'Fit'), ('engagement', 'Engagement')], max_length=10)),
                ('reason_key', models.SlugField(blank=True, db_index=False, max_length=60)),
                ('industry', models.CharField(blank=True, max_length=120)),
                ('industry_folded', core.fields.FoldedField(blank=True, default='', editable=False, max_length=400, source='industry')),
                ('stage', models.CharField(blank=True, choices=[('inquiry', 'Inquiry'), ('sales_ready', 'Sales-ready'), ('accepted', 'Accepted'), ('qualified', 'Qualified'), ('customer', 'Customer'), ('lost', 'Lost'), ('disqualified', 'Disqualified'), ('nurture', 'Nurture')], max_length=20)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['title_folded', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('url', ''), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='content_has_a_link_or_a_text'), models.CheckConstraint(condition=models.Q(('url', ''), ('url__startswith', 'https://'), ('url__startswith', 'http://'), _connector='OR'), name='content_link_is_a_web_address')],
            },
        ),
        migrations.CreateModel(
            name='ContentUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('piece', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='feedback.contentpiece')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='content_uses', to='leads.lead')),
                ('handoff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='content_uses', to='feedback.handoff')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('how', models.CharField(choices=[('text', 'Text copied'), ('link', 'Link copied'), ('mail', 'Mail opened')], max_length=5)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['piece', '-at'], name='use_of_piece'), models.Index(fields=['-at'], name='content_use_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handoff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='feedback.handoff')),
                ('kind', models.CharField(choices=[('accept', 'Accepted'), ('reject', 'Rejected'), ('recycle', 'Recycled'), ('return', 'Returned'), ('duplicate', 'Marked as duplicate'), ('disqualify', 'Disqualified'), ('undo', 'Took it back')], max_length=12)),
                ('reason', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.reason')),
                ('text', models.CharField(blank=True, max_length=1000)),
                ('until', models.DateField(blank=True, null=True)),
                ('twin', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='leads.lead')),
                ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone_by', to='feedback.decision')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.version')),
                ('facts', models.JSONField()),
                ('before', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['kind', '-at'], name='decision_by_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['reject', 'disqualify']), _negated=True), ('reason__isnull', False), _connector='OR'), name='rejection_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'recycle'), _negated=True), ('until__isnull', False), _connector='OR'), name='recycling_has_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'undo'), _negated=True), ('undoes__isnull', False), _connector='OR'), name='undo_names_its_decision')],
            },
        ),
        migrations.CreateModel(
            name='Hindsight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('backtest', 'Backtest'), ('load', 'Load')], max_length=10)),
                ('versions', models.CharField(max_length=400)),
                ('day', models.IntegerField(help_text="Since 1970-01-01, company's zone.")),
                ('state', models.CharField(choices=[('waiting', 'Being worked out'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('result', models.JSONField(default=dict)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taken_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'versions', 'day'), name='hindsight_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='NoticeSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_settings', to=settings.AUTH_USER_MODEL)),
                ('mail', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day, all together'), ('never', 'Never: I look here')], default='at_once', max_length=10)),
                ('daily_at', models.TimeField(default='08:00')),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'notice settings',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='quiet_hours_have_both_ends')],
            },
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('shape', models.CharField(choices=[('slack', 'Slack'), ('teams', 'Microsoft Teams')], max_length=10)),
                ('address', models.CharField(help_text='Of its webhook; whoever knows it can write there.', max_length=500)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='channels', to='users.team')),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='feedback.assignment')),
                ('starts_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['until'], name='pause_that_may_run')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('assignment',), name='one_pause_at_a_time'), models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('until'))), name='pause_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('ended_at', None), models.Q(('ended_at__gte', models.F('starts_at')), ('ended_at__lte', models.F('until'))), _connector='OR'), name='pause_is_ended_within_it')],
            },
        ),
        migrations.CreateModel(
            name='RoutingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('position', models.PositiveIntegerField()),
                ('condition', models.JSONField()),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='users.team')),
                ('way', models.CharField(choices=[('round_robin', 'Round robin'), ('weighted', 'Weighted'), ('least_loaded', 'Least loaded')], default='least_loaded', max_length=12)),
                ('is_owner_first', models.BooleanField(default=True)),
                ('is_on', models.BooleanField(default=True)),
                ('revision', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoutingTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='feedback.routingrule')),
                ('rep', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.BigIntegerField(default=0)),
                ('credit', models.IntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rule', 'rep'), name='one_turn_a_rule_and_rep')],
            },
        ),
        migrations.CreateModel(
            name='AssignmentTrace',
            fields=[
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='trace', serialize=False, to='feedback.assignment')),
                ('detail', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rep', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leaves', to=settings.AUTH_USER_MODEL)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
            ],
            options={
                'ordering': ['starts', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts__lte', models.F('ends'))), name='leave_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='PoolShortage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='users.team')),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('team',), name='one_open_shortage_a_team')],
            },
        ),
        migrations.CreateModel(
            name='PoolOverdue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handoff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pool_overdue', to='feedback.handoff')),
                ('pooled_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('handoff', 'pooled_at'), name='pool_overdue_is_told_once')],
            },
        ),
        migrations.CreateModel(
            name='SlaEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='feedback.assignment')),
                ('clock', models.CharField(choices=[('response', 'Response'), ('decision', 'Decision')], max_length=10)),
                ('step', models.CharField(max_length=20)),
                ('due_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('took', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['step', '-at'], name='sla_event_by_step'), models.Index(fields=['at'], name='sla_event_by_moment')],
                'constraints': [models.UniqueConstraint(fields=('assignment', 'clock', 'step'), name='ladder_step_is_taken_once')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('text', models.CharField(max_length=300)),
                ('url', models.CharField(max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('read_at', None)), fields=['user', '-id'], name='unread_notice')],
            },
        ),
        migrations.CreateModel(
            name='LogCursor',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('last_id', models.BigIntegerField(default=0)),
                ('seen_id', models.BigIntegerField(default=0)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='KeptWeek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('monday', models.DateField()),
                ('zone', models.CharField(max_length=60)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('announced_at', models.DateTimeField()),
                ('is_counted', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['monday'],
                'constraints': [models.UniqueConstraint(fields=('monday', 'zone'), name='week_is_kept_once_a_zone')],
            },
        ),
        migrations.CreateModel(
            name='KeptPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='feedback.keptweek')),
                ('team_id', models.BigIntegerField()),
                ('counts', models.BinaryField()),
                ('delays_grade', models.BinaryField()),
                ('delays_source', models.BinaryField()),
                ('delays_team', models.BinaryField()),
                ('delays_rep', models.BinaryField()),
                ('delays_version', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('week', 'team_id'), name='kept_part_once_a_team')],
            },
        ),
        migrations.CreateModel(
            name='ChangedWeek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_id', models.BigIntegerField(db_index=True)),
            ],
        ),
    ]
