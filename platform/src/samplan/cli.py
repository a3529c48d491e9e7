"""The `samplan` command: the core's groups, and each installed plugin's."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points

import click

from samplan import __version__
from samplan.command import ToldGroup

# group or command → where it stands; imported only when it is called
CORE_COMMANDS = {
    "account": "samplan.identity.cli:account",
    "audit": "samplan.audit.cli:audit",
    "db": "samplan.db.cli:db",
    "demo": "samplan.demo.cli:demo",
    "health": "samplan.health_command:health",
    "jobs": "samplan.jobs.cli:jobs",
    "module": "samplan.modules.cli:module",
    "privacy": "samplan.privacy.cli:privacy",
    "tenant": "samplan.tenancy.cli:tenant",
    "web": "samplan.web.cli:web",
    "worker": "samplan.jobs.cli:worker",
}


class LazyGroup(ToldGroup):
    """A group that imports a command when it is asked for, so that `--help` stays quick."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the core's commands and the plugins' groups."""
        return sorted({*CORE_COMMANDS, *_plugin_groups()})

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Return the command called `name`."""
        if name in CORE_COMMANDS:
            module, _, attribute = CORE_COMMANDS[name].partition(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        return _plugin_groups().get(name)


def _plugin_groups() -> dict[str, click.Group]:
    """Return the groups of the installed plugins; a plugin's `samplan_cli` imports nothing heavy."""
    groups: dict[str, click.Group] = {}
    for entry in entry_points(group="samplan.plugins"):
        hook = getattr(entry.load(), "samplan_cli", None)
        group = hook() if hook else None
        if group is not None:
            groups[group.name] = group
    return groups


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="samplan")
def main() -> None:
    """Plan people and care together."""
