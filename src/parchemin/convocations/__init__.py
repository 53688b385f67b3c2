"""Les épreuves et les personnes qui les évaluent."""
