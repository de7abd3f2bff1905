"""`python -m runsite`: the same as `runsite`."""

import sys

from runsite.cli import main

sys.exit(main())
