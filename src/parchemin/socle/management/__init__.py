"""Les commandes de Django du socle."""
