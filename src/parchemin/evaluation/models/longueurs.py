"""La longueur de ce que les tables scellées gardent en hexadécimal."""

EMPREINTE = 64
"""Longueur d'une empreinte SHA-256 en hexadécimal."""
SEL = 32
"""Longueur d'un sel de 128 bits en hexadécimal."""
