import alignment.models.content
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('users', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Definition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('definition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='alignment.definition')),
                ('number', models.PositiveIntegerField()),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Proposed'), ('signed', 'Signed'), ('active', 'Active'), ('retired', 'Retired'), ('withdrawn', 'Withdrawn'), ('declined', 'Changes asked for'), ('expired', 'Expired')], default='draft', max_length=10)),
                ('kind', models.CharField(choices=[('change', 'Change'), ('rollback', 'Rollback'), ('emergency', 'Emergency rollback')], default='change', max_length=10)),
                ('based_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.version')),
                ('reason', models.TextField(blank=True, help_text='Why both teams should want this version.')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('scope', models.JSONField(blank=True, null=True)),
                ('position', models.PositiveIntegerField(default=1)),
                ('floor_a', models.SmallIntegerField(default=75)),
                ('floor_b', models.SmallIntegerField(default=55)),
                ('floor_c', models.SmallIntegerField(default=30)),
                ('matrix', models.JSONField(blank=True, null=True)),
                ('gate_grade', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], default='B', max_length=1)),
                ('gate_bant_count', models.PositiveSmallIntegerField(default=3)),
                ('gate_bant_level', models.SmallIntegerField(choices=[(0, 'Unmet'), (1, 'Partial'), (2, 'Met')], default=1)),
                ('gate_must_have', models.JSONField(blank=True, null=True)),
                ('activate_at', models.DateTimeField(blank=True, help_text='Empty: as soon as it is signed.', null=True)),
                ('proposed_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, help_text='Until when a proposal is open.', null=True)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('activated_at', models.DateTimeField(blank=True, null=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['definition', '-number'],
                'constraints': [models.UniqueConstraint(fields=('definition', 'number'), name='version_number_is_unique'), models.UniqueConstraint(condition=models.Q(('status', 'active')), fields=('definition',), name='definition_has_one_active_version'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('definition', 'author'), name='one_open_draft_a_person'), models.CheckConstraint(condition=models.Q(('floor_a__gt', models.F('floor_b')), ('floor_b__gt', models.F('floor_c'))), name='grade_floors_descend'), models.CheckConstraint(condition=models.Q(('gate_bant_count__lte', 4)), name='gate_counts_four_at_most')],
            },
        ),
        migrations.CreateModel(
            name='VersionDimension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dimensions', to='alignment.version')),
                ('dimension', models.CharField(choices=[('budget', 'Budget'), ('authority', 'Authority'), ('need', 'Need'), ('timeframe', 'Timeframe'), ('fit', 'Fit'), ('engagement', 'Engagement')], max_length=10)),
                ('cap', models.PositiveSmallIntegerField()),
                ('partial_when', models.JSONField(blank=True, null=True)),
                ('met_when', models.JSONField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'dimension'), name='dimension_once_a_version'), models.CheckConstraint(condition=models.Q(('cap__lte', 100)), name='cap_is_at_most_100')],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('label', models.CharField(max_length=160)),
                ('position', models.PositiveIntegerField(default=0)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='alignment.version')),
                ('dimension', models.CharField(choices=[('budget', 'Budget'), ('authority', 'Authority'), ('need', 'Need'), ('timeframe', 'Timeframe'), ('fit', 'Fit'), ('engagement', 'Engagement')], max_length=10)),
                ('points', models.SmallIntegerField()),
                ('is_on', models.BooleanField(default=True)),
                ('condition', models.JSONField(blank=True, null=True)),
                ('activity', models.JSONField(blank=True, null=True)),
                ('per', models.CharField(choices=[('once', 'Once'), ('occurrence', 'Each time')], default='once', max_length=10)),
                ('cap', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('daily_cap', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('decay', models.JSONField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'criteria',
                'ordering': ['position', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('version', 'key'), name='criterion_key_once_a_version'), models.CheckConstraint(condition=models.Q(models.Q(('activity__isnull', True), ('condition__isnull', False)), models.Q(('activity__isnull', False), ('condition__isnull', True)), _connector='OR'), name='criterion_has_condition_or_activity'), models.CheckConstraint(condition=models.Q(('points__gte', -100), ('points__lte', 100)), name='criterion_points_within_100')],
            },
        ),
        migrations.CreateModel(
            name='Disqualifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('label', models.CharField(max_length=160)),
                ('position', models.PositiveIntegerField(default=0)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disqualifiers', to='alignment.version')),
                ('condition', models.JSONField()),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('version', 'key'), name='disqualifier_key_once_a_version')],
            },
        ),
        migrations.CreateModel(
            name='Reason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('label', models.CharField(max_length=160)),
                ('position', models.PositiveIntegerField(default=0)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reasons', to='alignment.version')),
                ('dimension', models.CharField(blank=True, choices=[('budget', 'Budget'), ('authority', 'Authority'), ('need', 'Need'), ('timeframe', 'Timeframe'), ('fit', 'Fit'), ('engagement', 'Engagement')], max_length=10)),
                ('criterion_key', models.SlugField(blank=True, max_length=60)),
                ('suggestion', models.CharField(blank=True, max_length=200)),
                ('suggested_points', models.SmallIntegerField(blank=True, null=True)),
                ('needs_text', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('version', 'key'), name='reason_key_once_a_version')],
            },
        ),
        migrations.CreateModel(
            name='SlaTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='alignment.version')),
                ('grade', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('is_handed_over', models.BooleanField(default=True)),
                ('response_amount', models.PositiveSmallIntegerField(default=1)),
                ('response_unit', models.CharField(choices=[('minutes', 'working minutes'), ('hours', 'working hours'), ('days', 'working days')], default='hours', max_length=8)),
                ('decision_amount', models.PositiveSmallIntegerField(default=2)),
                ('decision_unit', models.CharField(choices=[('minutes', 'working minutes'), ('hours', 'working hours'), ('days', 'working days')], default='days', max_length=8)),
                ('may_pause', models.BooleanField(default=False)),
                ('ladder', models.JSONField(default=alignment.models.content.shipped_ladder)),
            ],
            options={
                'ordering': ['grade', 'source'],
                'constraints': [models.UniqueConstraint(fields=('version', 'grade', 'source'), name='term_once_a_grade_and_source')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to='alignment.version')),
                ('kind', models.CharField(choices=[('leads', 'Sales-ready leads a month'), ('acceptance', 'Accepted by sales'), ('follow_up', 'Followed up in time'), ('feedback', 'Decided in time')], max_length=10)),
                ('grade', models.CharField(blank=True, choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1)),
                ('amount', models.PositiveIntegerField(help_text='Leads a month, or percent.')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('version', 'kind', 'grade'), name='commitment_once_a_kind_and_grade'), models.CheckConstraint(condition=models.Q(('kind', 'leads'), models.Q(('amount__lte', 100), ('grade', '')), _connector='OR'), name='commitment_in_percent_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='DraftEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='alignment.version')),
                ('revision', models.PositiveIntegerField()),
                ('document', models.JSONField()),
                ('is_undone', models.BooleanField(default=False)),
                ('what', models.CharField(help_text='The edit in words.', max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-revision'],
                'constraints': [models.UniqueConstraint(fields=('version', 'revision'), name='edit_once_a_revision')],
            },
        ),
        migrations.CreateModel(
            name='GlossaryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('meaning', models.CharField(blank=True, max_length=1000)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name_plural': 'glossary entries',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='glossary_entry_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='alignment.version')),
                ('side', models.CharField(choices=[('marketing', 'Marketing'), ('sales', 'Sales')], max_length=10)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(fields=('version', 'side'), name='each_side_signs_once'), models.UniqueConstraint(fields=('version', 'by'), name='nobody_signs_for_both')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='alignment.version')),
                ('criterion_key', models.SlugField(blank=True, max_length=60)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', models.CharField(max_length=1000)),
                ('asks_for_changes', models.BooleanField(default=False)),
                ('is_objection', models.BooleanField(default=False)),
                ('resolution', models.CharField(blank=True, choices=[('', 'Open'), ('resolved', 'Resolved'), ('overruled', 'Overruled')], default='', max_length=10)),
                ('resolution_text', models.CharField(blank=True, max_length=1000)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='comment_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('resolution', ''), ('resolved_at__isnull', True), ('resolved_by__isnull', True)), models.Q(models.Q(('resolution', ''), _negated=True), ('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='resolution_names_who_and_when')],
            },
        ),
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reopenings', to='alignment.comment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', models.CharField(blank=True, max_length=1000)),
                ('was', models.CharField(choices=[('', 'Open'), ('resolved', 'Resolved'), ('overruled', 'Overruled')], max_length=10)),
                ('was_text', models.CharField(blank=True, max_length=1000)),
                ('was_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('was_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='comment',
            name='mentions',
            field=models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
