"""Le planificateur, pur : une instance (qui, quoi, où, quand) entre, un plan sort. Ni Django, ni base, ni horloge.

`instance` dit les formes ; `verificateur` relit n'importe quel plan sans rien savoir de qui l'a fait ; `cout` dit ce que vaut un
plan ; `glouton` en fait un tout de suite ; `solveur` l'améliore (CP-SAT, seul à connaître `ortools`) ; `pourquoi` dit ce qui
empêche une épreuve, et la plus petite chose à relâcher.
"""
