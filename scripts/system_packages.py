"""Install what posture needs of the system and does not find, as Debian's packages.

    python scripts/system_packages.py app
    python scripts/system_packages.py test

The first is for the app and the command line, the second for the tests too.
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


def missing_packages(*, for_tests: bool) -> list[str]:
    """Name the Debian packages of what is not there."""
    libraries = {**SYSTEM_LIBRARIES, **(TEST_LIBRARIES if for_tests else {})}
    packages = [libraries[f.name] for f in check_libraries(libraries) if not f.ok]
    if for_tests:
        for command, its_packages in TEST_COMMANDS.items():
            if shutil.which(command) is None:
                packages += its_packages
    return packages


def main() -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(description="Install the system packages that are missing.")
    parser.add_argument("purpose", choices=["app", "test"])
    packages = missing_packages(for_tests=parser.parse_args().purpose == "test")
    if not packages:
        return 0
    script = Path(__file__).with_name("apt_install.sh")
    return subprocess.run([script, *packages], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
