"""Les parcours : la plateforme entière, comme ses usagers la voient."""
