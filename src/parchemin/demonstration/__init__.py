"""La démonstration : une cohorte inventée, faite par les services et par eux seuls."""
