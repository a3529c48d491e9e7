"""`samplan web`: serve the pages and the API with gunicorn."""

from __future__ import annotations

import gc

import click
from gunicorn.app.base import BaseApplication

from samplan.app import create_app
from samplan.command import command_core
from samplan.settings import Settings


class WebServer(BaseApplication):  # type: ignore[misc] # gunicorn ships no annotations
    """gunicorn with our application and options; each worker process builds its own engine."""

    def __init__(self, settings: Settings, options: dict[str, object]) -> None:
        """Serve `settings` with gunicorn's `options`."""
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options instead of the command line's."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application, built after the fork."""
        application = create_app(self._settings)
        # What stays for good is not looked through again with the waste of requests: that halts them.
        gc.collect()
        gc.freeze()
        return application


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--threads", default=4, show_default=True, help="Threads in each process.")
def web(bind: str, workers: int, threads: int) -> None:
    """Serve the pages and the API."""
    core = command_core()  # what is wrong is told here, once, and not by every process
    core.database.engine.dispose()  # no process may inherit a connection
    options: dict[str, object] = {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "accesslog": None,
        "proc_name": "samplan-web",
        "graceful_timeout": 10,
    }
    WebServer(core.settings, options).run()
