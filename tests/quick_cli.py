"""The program itself, but with someone who stands in every photo: it starts no model.

``python -m tests.quick_cli analyze side.jpg``
"""

from posture import landmarks
from posture.cli import main

from .people import FakeDetector
from .told import STANDING

if __name__ == "__main__":
    landmarks.default_detector = lambda: FakeDetector((STANDING,))
    main()
