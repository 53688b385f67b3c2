"""`python -m parchemin` : la même chose que la commande `parchemin`."""

import sys

from parchemin.commandes import main

if __name__ == "__main__":
    sys.exit(main())
