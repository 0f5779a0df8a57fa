"""Runs the command line in this process, and names the samples that its tests give to it."""

from pathlib import Path

from typer.testing import CliRunner, Result

from posture import cli

SAMPLES = Path(__file__).parents[1] / "samples"
STANDING = SAMPLES / "standing_tank_top.jpg"
WALKING = SAMPLES / "walking_1.jpg"
ARM_HIDES_BACK = SAMPLES / "arm_hides_back.jpg"


def run(*arguments: str | Path) -> Result:
    """Run in this process."""
    return CliRunner().invoke(cli.app, [str(a) for a in arguments])
