"""What every plugin must hold; a plugin's own tests call `check(plugin)`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from samplan.modules.contributions import load
from samplan.modules.manager import Module, Modules


def check(plugin: Any) -> Module:
    """Load `plugin` beside the core and assert its contract; returns its module.

    Besides what is checked at every start: handlers and computations can be imported, blueprints carry the
    module's name, templates and static files stand in a folder named as the module, translations in a
    domain of that name.
    """
    modules = Modules.load([plugin])
    module = modules.installed[plugin.name]
    for job in module.jobs:
        assert callable(load(job.handler)), f"{job.name}: {job.handler} is not callable"
    for spec in module.indicators:
        assert spec.compute is None or callable(load(spec.compute)), f"{spec.name}: {spec.compute}"
    for blueprint in (*modules.blueprints(module.name), *modules.api_blueprints(module.name)):
        assert blueprint.name == module.name or blueprint.name.startswith(f"{module.name}_"), blueprint.name
        if blueprint.template_folder:
            _only_in(Path(blueprint.root_path) / blueprint.template_folder, module.name)
        if blueprint.static_folder:
            _only_in(Path(blueprint.static_folder), module.name)
    _check_translations(module)
    return module


def _only_in(folder: Path, name: str) -> None:
    """Assert that all in `folder` stands in its sub-folder `name`: the first blueprint would win for both."""
    assert sorted(path.name for path in folder.iterdir()) == [name], f"{folder} must hold {name}/ only"


def _check_translations(module: Module) -> None:
    folder = module.migrations.path.parents[1] / "translations"
    domains = {path.stem for path in folder.rglob("*.po")}
    assert domains <= {module.name}, f"{folder} holds other domains than {module.name}"
