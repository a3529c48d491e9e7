"""What the commands of the command line share: the core, for as long as one command runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from samplan.core import Core


def command_core() -> Core:
    """Return the core for the command that is running; its connections are closed when the command ends.

    Wrong settings and an unsafe role end the command with their message.
    """
    from samplan.core import build_core
    from samplan.errors import SettingsError, UnsafeDatabaseRole
    from samplan.settings import Settings

    try:
        core = build_core(Settings.from_env(os.environ))
    except (SettingsError, UnsafeDatabaseRole) as error:
        raise click.ClickException(str(error)) from error
    click.get_current_context().call_on_close(core.database.engine.dispose)
    return core
