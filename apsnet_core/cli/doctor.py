"""`apsnet doctor`: print what is installed, what is missing, and the command that installs it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from apsnet_core.cli import defaults
from apsnet_core.cli.answer import CommandResult, JsonOption


def doctor(
    clear_cache: Annotated[
        bool,
        typer.Option("--clear-cache", help="Delete the caches; the program creates them again when needed."),
    ] = False,
    json: JsonOption = False,
) -> CommandResult:
    """Print versions, devices, rendering and cache, and the command that installs each missing part."""
    from apsnet_core.caches import clear, sizes
    from apsnet_core.doctor import examine, machine

    if clear_cache:
        freed = clear()
        return CommandResult({"freed": freed}, lambda: print(f"{_megabytes(sum(freed.values()))} freed"))

    found, cache = examine(), sizes()
    if defaults.trouble:
        found.problems.append((defaults.trouble, "correct it, or leave it out"))
    host = machine()
    data = {
        "machine": host,
        "versions": found.versions,
        "devices": found.devices,
        "rendering": found.rendering,
        "cache": cache,
        "config": str(defaults.config_file()),
        "defaults": [asdict(default) for default in defaults.in_force],
        "problems": [{"what": what, "mend": mend} for what, mend in found.problems],
    }

    def show() -> None:
        from apsnet_core.doctor import OPTIONAL

        def line(name: str, value: object) -> None:
            print(f"  {name:<20} {value}")

        print(f"Machine\n  {host['system']}, {host['processors']} processors, Python {host['python']}\n")
        print("Packages")
        for name, version in found.versions.items():
            absent = f"not installed; optional, for {OPTIONAL[name]}" if name in OPTIONAL else "missing"
            line(name, version or absent)
        print("\nDevices")
        if "error" in found.devices:
            line("torch", found.devices["error"])
        else:
            line("CPU threads", found.devices["cpu_threads"])
            line("compiled loops", found.devices["compiled_loops"])
            line("CUDA", ", ".join(found.devices["cuda"]) or "none")
            line("GPU kernels", found.devices["gpu_kernels"])
            line("GPU graphs", found.devices["gpu_graphs"])
            line("Apple GPU", "yes" if found.devices["mps"] else "none")
        print("\nDefaults")
        line("Config file", defaults.config_file())
        for default in defaults.in_force:
            line(f"{default.command} {default.option}", f"{default.value}, from {default.origin}")
        print()
        for folder, size in cache.items():
            line("Cache", f"{_megabytes(size)} in {folder}")
        line("Open3D rendering", "works" if found.rendering["works"] else found.rendering["error"])
        print()
        for what, mend in found.problems:
            print(f"Problem: {what}\n  {mend}")
        if not found.problems:
            print("Nothing is missing.")

    return CommandResult(data, show, exit_code=1 if found.problems else 0)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
