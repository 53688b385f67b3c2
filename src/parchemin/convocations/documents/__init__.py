"""Ce que les convocations donnent à emporter : l'invitation au calendrier, la convocation en PDF."""
