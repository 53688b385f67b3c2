"""Le moteur de Parchemin : les règles d'une certification, seules et prouvées.

Rien d'autre que la bibliothèque standard (numpy, facultatif, dans `moteur.lot` seulement) : ni base de données,
ni fichier, ni horloge, ni réseau, ni nombre à virgule. Des valeurs figées entrent ; une décision et ses raisons
sortent, ou un refus (`moteur.vocabulaire.Refus`).

Ordre de lecture : `vocabulaire`, `referentiel`, `regles`, `marge`, `decision`, puis `faits`, `grille`, `etats`,
`empreinte` et `lot`.
"""
