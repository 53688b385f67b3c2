"""Parchemin : la plateforme libre qui fait vivre une certification professionnelle."""
