"""Install what posture needs of the system and does not find, as Debian's packages.

    python scripts/system_packages.py app
    python scripts/system_packages.py test
    python scripts/system_packages.py render

The first is for the app and the command line, the second for the tests too, the third for Blender,
which renders people.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from posture.doctor import SYSTEM_LIBRARIES, check_libraries

TEST_LIBRARIES = {"libatomic.so.1": "libatomic1"}  # for the Node.js inside playwright
TEST_COMMANDS = {
    "strace": ["strace"],
    "chromium": ["chromium", "fonts-liberation"],  # without a font, its pages stay blank
}
SERVERS = Path("/usr/lib/postgresql")  # not on the path: there may be several versions
RENDER_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libSM.so.6": "libsm6",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libXrender.so.1": "libxrender1",
    "libXxf86vm.so.1": "libxxf86vm1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
LIBRARIES = {
    "app": SYSTEM_LIBRARIES,
    "test": {**SYSTEM_LIBRARIES, **TEST_LIBRARIES},
    "render": RENDER_LIBRARIES,
}


def missing_packages(purpose: str) -> list[str]:
    """Name the Debian packages of what is not there."""
    libraries = LIBRARIES[purpose]
    packages = [libraries[f.name] for f in check_libraries(libraries) if not f.ok]
    if purpose == "test":
        if not any(SERVERS.glob("*/bin/initdb")):
            packages.append("postgresql")
        for command, its_packages in TEST_COMMANDS.items():
            if shutil.which(command) is None:
                packages += its_packages
    return packages


def main() -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(description="Install the system packages that are missing.")
    parser.add_argument("purpose", choices=sorted(LIBRARIES))
    packages = missing_packages(parser.parse_args().purpose)
    if not packages:
        return 0
    script = Path(__file__).with_name("apt_install.sh")
    return subprocess.run([script, *packages], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
