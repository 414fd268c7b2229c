"""``manage.py demo``: the embedded mode with a sample company."""

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.utils.module_loading import import_string

from config.management.commands import serve
from users.models import Role, User

INTERRUPTED = "The first start was interrupted. Start over with: make demo FRESH=1"


class Command(serve.Command):
    help = "Run Bantam in one process with a sample company; the first start builds it."

    def prepare(self) -> None:
        if "seed" not in get_commands():
            self.stdout.write("There is no sample company yet: the seed command is missing.")
            return
        complete = settings.DATA_DIR / "sample-company"
        if complete.exists():
            return
        if User.objects.exists():
            raise CommandError(INTERRUPTED)
        self.stdout.write("Building the sample company ...")
        try:
            call_command("seed", stdout=self.stdout)
        except KeyboardInterrupt:
            raise CommandError(INTERRUPTED) from None
        complete.touch()

    def welcome(self, address: str) -> None:
        if not User.objects.exists():
            return
        password = import_string("feedback.management.commands.seed.DEMO_PASSWORD")
        self.stdout.write(f"Sign in with the password “{password}” as:")
        for role in Role:
            person = User.objects.filter(role=role, is_active=True).order_by("pk").first()
            if person is not None:
                self.stdout.write(f"  {role.label:<18} {person.email:<34} {person.name}")
