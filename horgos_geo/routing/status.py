"""What can be said of a question: answered, or why not."""

from __future__ import annotations

import numpy as np

OK = "ok"
THROUGH_CHINA = "through China"
NO_PATH = "no path"
ORIGIN_FAR = "origin too far from network"
DESTINATION_FAR = "destination too far from network"
CLOSED = "closed by scenario"
#: All of them; a batch gives positions in this list. The first two are answers.
STATUSES = (OK, THROUGH_CHINA, NO_PATH, ORIGIN_FAR, DESTINATION_FAR, CLOSED)
CODE = {status: np.int8(i) for i, status in enumerate(STATUSES)}
