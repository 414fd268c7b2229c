import django.db.models.deletion
import django.utils.timezone
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
            name='Generation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('building', 'Being built'), ('live', 'Live'), ('retired', 'Retired'), ('cancelled', 'Cancelled')], default='building', max_length=10)),
                ('replaces', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='scoring.generation')),
                ('leads', models.PositiveIntegerField(default=0, help_text='Leads when it was announced.')),
                ('is_logged', models.BooleanField(default=False, help_text='Every change of grade it made is in the history.')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('live_at', models.DateTimeField(blank=True, null=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('pruned_at', models.DateTimeField(blank=True, help_text='Its scores were deleted.', null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'building')), fields=('state',), name='one_generation_is_built_at_once')],
            },
        ),
        migrations.CreateModel(
            name='GenerationVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranks', to='scoring.generation')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.version')),
                ('rank', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['rank'],
                'constraints': [models.UniqueConstraint(fields=('generation', 'rank'), name='rank_once_a_generation'), models.UniqueConstraint(fields=('generation', 'version'), name='version_once_a_generation')],
            },
        ),
        migrations.CreateModel(
            name='GenerationRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranges', to='scoring.generation')),
                ('first_lead', models.BigIntegerField()),
                ('last_lead', models.BigIntegerField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('logged_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['first_lead'],
                'constraints': [models.UniqueConstraint(fields=('generation', 'first_lead'), name='range_once_a_generation')],
            },
        ),
        migrations.CreateModel(
            name='LiveGeneration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.generation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='live_generation_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Refresh',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refreshes', to='scoring.generation')),
                ('day', models.IntegerField(help_text="Since 1970-01-01, company's zone.")),
                ('position', models.BigIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'refreshes',
                'constraints': [models.UniqueConstraint(fields=('generation', 'day'), name='refresh_once_a_day_and_generation')],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('pk', models.CompositePrimaryKey('generation_id', 'lead_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('generation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='scoring.generation')),
                ('lead', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='scores', to='leads.lead')),
                ('version', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='alignment.version')),
                ('budget', models.SmallIntegerField()),
                ('authority', models.SmallIntegerField()),
                ('need', models.SmallIntegerField()),
                ('timeframe', models.SmallIntegerField()),
                ('fit', models.SmallIntegerField()),
                ('engagement', models.SmallIntegerField()),
                ('total', models.SmallIntegerField()),
                ('grade', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1, null=True)),
                ('bant', models.SmallIntegerField()),
                ('gate', models.SmallIntegerField()),
                ('as_of', models.IntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['generation', '-total', '-lead'], name='score_by_total')],
            },
        ),
        migrations.CreateModel(
            name='ScoreChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lead', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='score_changes', to='leads.lead')),
                ('generation', models.BigIntegerField(default=0, help_text='The id of the generation whose score it is.')),
                ('at', models.DateTimeField()),
                ('cause', models.CharField(choices=[('edit', 'Edited'), ('import', 'Imported'), ('answer', 'BANT answer'), ('activity', 'Activity'), ('company', 'Company edited'), ('decay', 'Time passed'), ('override', 'Grade set by hand'), ('recycle', 'Released by sales'), ('activation', 'New version')], max_length=10)),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.version')),
                ('old_grade', models.CharField(max_length=1, null=True)),
                ('new_grade', models.CharField(max_length=1, null=True)),
                ('old_total', models.SmallIntegerField(null=True)),
                ('new_total', models.SmallIntegerField()),
                ('was_ready', models.BooleanField()),
                ('is_ready', models.BooleanField()),
                ('budget', models.SmallIntegerField(default=0, help_text='Change in points; so are the next five.')),
                ('authority', models.SmallIntegerField(default=0)),
                ('need', models.SmallIntegerField(default=0)),
                ('timeframe', models.SmallIntegerField(default=0)),
                ('fit', models.SmallIntegerField(default=0)),
                ('engagement', models.SmallIntegerField(default=0)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['lead', '-id'], name='score_change_of_lead')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cause', 'activation')), fields=('generation', 'lead'), name='activation_is_logged_once_a_lead')],
            },
        ),
        migrations.CreateModel(
            name='GradeOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lead', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='leads.lead')),
                ('grade', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1)),
                ('reason', models.CharField(max_length=500)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(help_text="The end of a day in the company's zone.")),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['lead', '-id'], name='override_of_lead'), models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['ends_at'], name='override_to_end')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('lead',), name='one_open_override_a_lead'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('at'))), name='override_ends_after_it_began'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='override_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Preview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='alignment.version')),
                ('revision', models.PositiveIntegerField()),
                ('against', models.BigIntegerField(default=0)),
                ('versions', models.JSONField()),
                ('state', models.CharField(choices=[('running', 'Being counted'), ('done', 'Done'), ('cancelled', 'Cancelled'), ('stale', 'Overtaken'), ('failed', 'Failed')], default='running', max_length=10)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('leads', models.PositiveIntegerField(default=0, help_text='Leads when it began.')),
                ('done', models.PositiveIntegerField(default=0)),
                ('position', models.BigIntegerField(default=0)),
                ('sample', models.JSONField(blank=True, null=True)),
                ('result', models.JSONField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('pruned_at', models.DateTimeField(blank=True, help_text='Its rows of leads were deleted.', null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('version',), name='one_preview_of_a_version_runs')],
            },
        ),
        migrations.CreateModel(
            name='PreviewScore',
            fields=[
                ('pk', models.CompositePrimaryKey('preview_id', 'lead_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('preview', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='scores', to='scoring.preview')),
                ('lead', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='leads.lead')),
                ('old_grade', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1, null=True)),
                ('new_grade', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C'), ('D', 'D')], max_length=1, null=True)),
                ('old_total', models.SmallIntegerField()),
                ('new_total', models.SmallIntegerField()),
                ('was_ready', models.BooleanField()),
                ('is_ready', models.BooleanField()),
            ],
            options={
                'indexes': [models.Index(fields=['preview', 'old_grade', 'new_grade', '-new_total', '-lead'], name='preview_by_move'), models.Index(condition=models.Q(models.Q(('is_ready', False), ('was_ready', True)), models.Q(('is_ready', True), ('was_ready', False)), _connector='OR'), fields=['preview', 'is_ready', '-new_total', '-lead'], name='preview_by_readiness')],
            },
        ),
        migrations.CreateModel(
            name='GradeCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.IntegerField(blank=True, null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day',), name='grades_are_counted_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='GradeCountLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='scoring.gradecount')),
                ('axis', models.CharField(max_length=10)),
                ('key', models.CharField(blank=True, max_length=200)),
                ('label', models.CharField(blank=True, max_length=200)),
                ('is_rest', models.BooleanField(default=False)),
                ('grade', models.CharField(blank=True, max_length=1)),
                ('leads', models.PositiveIntegerField()),
                ('points', models.BigIntegerField()),
                ('ready', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('count', 'axis', 'key', 'is_rest', 'grade'), name='grade_count_line_is_one')],
            },
        ),
        migrations.AddField(
            model_name='generation',
            name='versions',
            field=models.ManyToManyField(related_name='+', through='scoring.GenerationVersion', to='alignment.version'),
        ),
    ]
