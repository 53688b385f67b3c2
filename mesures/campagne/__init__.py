"""La campagne « hors ligne » : rien ne se perd, rien ne s'invente, rien ne se fond, quoi qu'il arrive au réseau, au serveur,
à la base, au navigateur ou à l'horloge (issue C, « Faults to survive »).

Chaque essai tient le registre de ce qu'il a fait, cause des fautes, puis compare ce registre à la base : jamais à ce que
dit la page, ni à ce que répond le serveur.

    scene.py       le serveur, la base, les épreuves : lancés, tués, relancés pour de vrai
    mandataire.py  entre le client et le serveur : coupe à l'octet près, retarde, double, rejoue, répond à sa place
    registre.py    ce qui a été fait, et ce que la base en garde
    modele.py      la grille courante, refaite naïvement d'après le contrat
    protocole.py   un client de l'échange, écrit d'après `docs/echange-des-faits.md` seulement, et ses essais
    appareil.py    une tablette : Chromium, son profil, son horloge, sa page de grille
    navigateur.py  les essais dans Chromium
    conduite.py    la graine, le journal des essais faits, la reprise, le compte rendu
"""
