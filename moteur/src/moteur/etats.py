"""Les états et leurs passages : des tables, que l'on peut énumérer, dessiner et prouver sans impasse.

Chaque état dit qui a la main, et par quelle phrase on explique à une personne ce qui le débloque. Une table est une
donnée : ajouter un état, c'est ajouter une ligne. Les valeurs des états sont gardées en base : on ne les renomme pas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from moteur.vocabulaire import Refus

PERSONNE = "personne"


@dataclass(frozen=True, slots=True)
class EtatDeTable:
    """Un état : qui a la main (`qui`), ce qui le débloque (`attend`), et les états où il peut passer (`vers`)."""

    code: str
    intitule: str
    qui: str
    attend: str
    vers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Une table d'états. Le premier est l'état de départ ; un état sans passage est terminal."""

    nom: str
    intitule: str
    lignes: tuple[EtatDeTable, ...]

    @property
    def depart(self) -> str:
        """L'état où tout commence."""
        return self.lignes[0].code

    @property
    def etats(self) -> tuple[str, ...]:
        """Les codes, dans l'ordre de la table."""
        return tuple(ligne.code for ligne in self.lignes)

    @property
    def transitions(self) -> Mapping[str, tuple[str, ...]]:
        """Pour chaque état, ceux où il peut passer."""
        return {ligne.code: ligne.vers for ligne in self.lignes}

    @property
    def proprietaires(self) -> Mapping[str, str]:
        """Pour chaque état, qui a la main."""
        return {ligne.code: ligne.qui for ligne in self.lignes}

    @property
    def terminaux(self) -> frozenset[str]:
        """Les états dont on ne sort pas."""
        return frozenset(ligne.code for ligne in self.lignes if not ligne.vers)

    def etat(self, code: str) -> EtatDeTable:
        """La ligne de cet état. Lève `Refus("etat_inconnu")`."""
        for ligne in self.lignes:
            if ligne.code == code:
                return ligne
        raise Refus("etat_inconnu", f"L'état « {code} » n'existe pas pour {self.intitule}.")


def passer(table: Table, de: str, vers: str) -> str:
    """L'état d'arrivée, s'il est permis. Lève `Refus` : `etat_inconnu`, `passage_interdit`."""
    depart, arrivee = table.etat(de), table.etat(vers)
    if vers not in depart.vers:
        raise Refus(
            "passage_interdit",
            f"Pour {table.intitule}, on ne passe pas de « {depart.intitule} » à « {arrivee.intitule} ».",
        )
    return vers


def peut_passer(table: Table, de: str, vers: str) -> bool:
    """Ce passage est-il dans la table ? (un état inconnu ne passe nulle part)"""
    return vers in table.transitions.get(de, ())


def defauts(table: Table) -> tuple[str, ...]:
    """Ce qui rend une table fausse, en français ; vide : elle est bonne.

    États en double, passages vers un état inconnu, états jamais atteints, impasses (états d'où aucun terminal ne
    s'atteint), états sans propriétaire ni phrase, ou terminaux qui attendraient quelqu'un.
    """
    trouves = [f"l'état « {code} » est écrit deux fois" for code in _doublons(table.etats)]
    for ligne in table.lignes:
        trouves += [
            f"« {ligne.code} » passe à « {code} », qui n'existe pas" for code in ligne.vers if code not in table.etats
        ]
        if not ligne.qui or not ligne.attend or not ligne.intitule:
            trouves.append(f"« {ligne.code} » ne dit pas qui a la main, ou ce qui le débloque")
        if (ligne.qui == PERSONNE) != (not ligne.vers):
            trouves.append(f"« {ligne.code} » : personne n'a la main dans un état terminal, et là seulement")
    atteints = _accessibles(table.transitions, [table.depart])
    trouves += [f"« {code} » n'est jamais atteint" for code in table.etats if code not in atteints]
    inverse = {code: tuple(de for de in table.etats if code in table.transitions[de]) for code in table.etats}
    sortants = _accessibles(inverse, table.terminaux)
    trouves += [f"« {code} » est une impasse" for code in table.etats if code not in sortants]
    return tuple(trouves)


def _doublons(codes: tuple[str, ...]) -> list[str]:
    return [code for rang, code in enumerate(codes) if code in codes[:rang]]


def _accessibles(transitions: Mapping[str, tuple[str, ...]], departs: Iterable[str]) -> set[str]:
    atteints: set[str] = set()
    a_visiter = list(departs)
    while a_visiter:
        code = a_visiter.pop()
        if code not in atteints:
            atteints.add(code)
            a_visiter.extend(transitions.get(code, ()))
    return atteints


DOSSIER = Table(
    nom="dossier",
    intitule="un dossier de candidat",
    lignes=(
        EtatDeTable(
            code="brouillon",
            intitule="Brouillon",
            qui="gestionnaire",
            attend="Le gestionnaire complète le dossier et l'inscrit.",
            vers=("inscrit", "recevabilite", "recevable", "abandonne"),
        ),
        EtatDeTable(
            code="recevabilite",
            intitule="Recevabilité demandée",
            qui="certificateur",
            attend="Le certificateur dit si la demande de VAE est recevable ; passé le délai, son silence vaut oui.",
            vers=("recevable", "irrecevable", "abandonne"),
        ),
        EtatDeTable(
            code="recevable",
            intitule="Recevable",
            qui="candidat",
            attend="Le candidat prépare son dossier de validation et le dépose ; sans aucune étape, la recevabilité tombe.",
            vers=("validation_deposee", "irrecevable", "caduc", "abandonne"),
        ),
        EtatDeTable(
            code="validation_deposee",
            intitule="Dossier de validation déposé",
            qui="gestionnaire",
            attend="Le gestionnaire planifie les épreuves : le jury se tient dans le délai que compte l'horloge.",
            vers=("en_evaluation", "abandonne"),
        ),
        EtatDeTable(
            code="inscrit",
            intitule="Inscrit",
            qui="gestionnaire",
            attend="Le gestionnaire nomme le tuteur et le manager, puis ouvre le parcours.",
            vers=("en_parcours", "poursuivi", "abandonne"),
        ),
        EtatDeTable(
            code="en_parcours",
            intitule="En parcours",
            qui="tuteur et manager",
            attend="Le tuteur et le manager attestent chaque compétence du carnet ; le gestionnaire peut alors convoquer.",
            vers=("en_evaluation", "poursuivi", "abandonne"),
        ),
        EtatDeTable(
            code="en_evaluation",
            intitule="En évaluation",
            qui="évaluateurs",
            attend="Les deux évaluateurs scellent leur lecture de chaque bloc, puis s'accordent.",
            vers=("second_regard", "evalue", "poursuivi", "abandonne"),
        ),
        EtatDeTable(
            code="second_regard",
            intitule="Second regard",
            qui="second regard",
            attend="Une troisième personne relit les blocs qui tiennent à peu et rend son avis ; le jury le lira.",
            vers=("en_evaluation", "evalue", "abandonne"),  # un bloc dit acquis, puis retiré, est de nouveau à juger
        ),
        EtatDeTable(
            code="evalue",
            intitule="Évalué",
            qui="jury",
            attend="Le résultat calculé est connu ; la décision appartient au jury.",
            vers=("certifie", "partiellement_certifie", "non_certifie"),
        ),
        EtatDeTable(
            code="certifie",
            intitule="Certifié",
            qui=PERSONNE,
            attend="Le jury a délivré la certification entière.",
        ),
        EtatDeTable(
            code="partiellement_certifie",
            intitule="Partiellement certifié",
            qui=PERSONNE,
            attend="Le jury a délivré des blocs ; une nouvelle inscription ouvre un dossier pour ceux qui manquent.",
        ),
        EtatDeTable(
            code="non_certifie",
            intitule="Non certifié",
            qui=PERSONNE,
            attend="Le jury n'a délivré aucun bloc ; une nouvelle inscription ouvre un nouveau dossier.",
        ),
        EtatDeTable(
            code="irrecevable",
            intitule="Irrecevable",
            qui=PERSONNE,
            attend="La demande de VAE n'est pas recevable ; le motif est gardé, une autre demande ouvre un autre dossier.",
        ),
        EtatDeTable(
            code="caduc",
            intitule="Caduc",
            qui=PERSONNE,
            attend="La recevabilité est tombée ; si le référentiel n'a pas changé, le candidat peut redéposer sa demande.",
        ),
        EtatDeTable(
            code="poursuivi",
            intitule="Poursuivi sous une autre version",
            qui=PERSONNE,
            attend="Le parcours continue dans un autre dossier ; ce qui est jugé ici garde sa norme, et va au jury avec lui.",
        ),
        EtatDeTable(
            code="abandonne",
            intitule="Abandonné",
            qui=PERSONNE,
            attend="Le dossier est clos ; une nouvelle inscription ouvre un nouveau dossier.",
        ),
    ),
)

DOSSIER_CLOS = DOSSIER.terminaux | {"evalue"}
"""Là où un dossier ne s'écrit plus : les terminaux, et « évalué », où il ne reste au jury qu'à décider."""

DOSSIER_SANS_RESULTAT = frozenset({"irrecevable", "caduc", "poursuivi", "abandonne"})
"""Les terminaux où aucun jury ne statue : ce qui restait à évaluer dans ce dossier ne se tiendra pas."""

EPREUVE = Table(
    nom="epreuve",
    intitule="une épreuve",
    lignes=(
        EtatDeTable(
            code="a_planifier",
            intitule="À planifier",
            qui="gestionnaire",
            attend="Le gestionnaire affecte les deux évaluateurs.",
            vers=("affectee", "suspendue", "annulee"),
        ),
        EtatDeTable(
            code="affectee",
            intitule="Affectée",
            qui="évaluateurs",
            attend="Le premier geste d'un évaluateur ouvre l'épreuve.",
            vers=("en_cours", "a_planifier", "suspendue", "annulee"),
        ),
        EtatDeTable(
            code="en_cours",
            intitule="En cours",
            qui="évaluateurs",
            attend="Chaque évaluateur remplit sa grille, seul, et la scelle.",
            vers=("lectures_scellees", "suspendue", "annulee"),
        ),
        EtatDeTable(
            code="suspendue",
            intitule="Suspendue",
            qui="gestionnaire",
            attend="Un incident est signalé : le gestionnaire décide de reprendre, de replanifier ou de clore.",
            vers=("a_planifier", "affectee", "en_cours", "non_evaluee"),
        ),
        EtatDeTable(
            code="lectures_scellees",
            intitule="Lectures scellées",
            qui="évaluateurs",
            attend="Les deux évaluateurs tranchent ce qui diffère, ou confirment ce qui concorde.",
            vers=("accordee", "non_evaluee"),
        ),
        EtatDeTable(
            code="accordee",
            intitule="Accordée",
            qui=PERSONNE,
            attend="Le résultat commun du bloc est scellé.",
        ),
        EtatDeTable(
            code="non_evaluee",
            intitule="Non évaluée",
            qui=PERSONNE,
            attend="Close sans être allée au bout : ni acquise, ni non acquise. Une autre épreuve peut se planifier.",
        ),
        EtatDeTable(
            code="annulee",
            intitule="Annulée",
            qui=PERSONNE,
            attend="L'épreuve n'a pas eu lieu ; une autre se planifie.",
        ),
    ),
)

LECTURE = Table(
    nom="lecture",
    intitule="une lecture",
    lignes=(
        EtatDeTable(
            code="ouverte",
            intitule="Ouverte",
            qui="évaluateur",
            attend="L'évaluateur tranche chaque critère, puis scelle sa lecture.",
            vers=("scellee",),
        ),
        EtatDeTable(
            code="scellee",
            intitule="Scellée",
            qui=PERSONNE,
            attend="La lecture ne change plus.",
        ),
    ),
)

HABILITATION = Table(
    nom="habilitation",
    intitule="une habilitation",
    lignes=(
        EtatDeTable(
            code="a_venir",
            intitule="À venir",
            qui="certificateur",
            attend="L'habilitation prend effet à la date que dit la convention.",
            vers=("en_vigueur", "suspendue", "resiliee"),
        ),
        EtatDeTable(
            code="en_vigueur",
            intitule="En vigueur",
            qui="certificateur",
            attend="L'organisme prépare ou évalue, jusqu'au terme de la convention.",
            vers=("suspendue", "resiliee", "echue"),
        ),
        EtatDeTable(
            code="suspendue",
            intitule="Suspendue",
            qui="certificateur",
            attend="Le certificateur entend l'organisme, puis lève la suspension ou résilie.",
            vers=("en_vigueur", "resiliee", "echue"),
        ),
        EtatDeTable(
            code="resiliee",
            intitule="Résiliée",
            qui=PERSONNE,
            attend="L'habilitation a pris fin ; une autre convention ouvre une autre habilitation.",
        ),
        EtatDeTable(
            code="echue",
            intitule="Échue",
            qui=PERSONNE,
            attend="La convention est arrivée à son terme ; une autre convention ouvre une autre habilitation.",
        ),
    ),
)

RECUSATION = Table(
    nom="recusation",
    intitule="une récusation",
    lignes=(
        EtatDeTable(
            code="deposee",
            intitule="Déposée",
            qui="gestionnaire",
            attend="Le gestionnaire l'accueille ou l'écarte, avec son motif, avant l'épreuve.",
            vers=("accueillie", "ecartee", "sans_objet"),
        ),
        EtatDeTable(
            code="accueillie",
            intitule="Accueillie",
            qui=PERSONNE,
            attend="L'évaluateur est remplacé ; il ne revient pas dans ce dossier.",
        ),
        EtatDeTable(
            code="ecartee",
            intitule="Écartée",
            qui=PERSONNE,
            attend="L'évaluateur reste ; le motif est gardé, le jury le lit.",
        ),
        EtatDeTable(
            code="sans_objet",
            intitule="Sans objet",
            qui=PERSONNE,
            attend="L'évaluateur n'est plus affecté à cette épreuve.",
        ),
    ),
)

SECOND_REGARD = Table(
    nom="second_regard",
    intitule="un second regard",
    lignes=(
        EtatDeTable(
            code="a_designer",
            intitule="À désigner",
            qui="gestionnaire",
            attend="Le gestionnaire choisit une troisième personne, que rien n'écarte.",
            vers=("designe", "sans_avis"),
        ),
        EtatDeTable(
            code="designe",
            intitule="Désigné",
            qui="second regard",
            attend="La personne désignée lit les deux lectures et le relevé, puis écrit son avis motivé.",
            vers=("rendu", "a_designer", "sans_avis"),
        ),
        EtatDeTable(
            code="rendu",
            intitule="Rendu",
            qui=PERSONNE,
            attend="L'avis est scellé ; il ne change rien par lui-même, le jury le lira.",
        ),
        EtatDeTable(
            code="sans_avis",
            intitule="Sans avis",
            qui=PERSONNE,
            attend="Personne n'a pu rendre d'avis ; le jury lira pourquoi, et reprendra le dossier lui-même.",
        ),
    ),
)

RESSAISIE = Table(
    nom="ressaisie",
    intitule="une grille papier ressaisie",
    lignes=(
        EtatDeTable(
            code="a_saisir",
            intitule="À saisir",
            qui="gestionnaire",
            attend="Une personne de l'équipe du gestionnaire ressaisit la grille papier.",
            vers=("a_controler", "abandonnee"),
        ),
        EtatDeTable(
            code="a_controler",
            intitule="À contrôler",
            qui="gestionnaire",
            attend="Une autre personne la ressaisit à son tour, sans voir la première saisie.",
            vers=("a_regler", "versee", "abandonnee"),
        ),
        EtatDeTable(
            code="a_regler",
            intitule="À régler",
            qui="gestionnaire",
            attend="Les deux saisies diffèrent : le papier en main, on retient ce qui y est écrit.",
            vers=("versee", "abandonnee"),
        ),
        EtatDeTable(
            code="versee",
            intitule="Versée",
            qui=PERSONNE,
            attend="Les gestes sont dans la grille, marqués « papier » ; l'évaluateur la relit et la scelle.",
        ),
        EtatDeTable(
            code="abandonnee",
            intitule="Abandonnée",
            qui=PERSONNE,
            attend="Rien n'est entré dans la grille ; une autre ressaisie peut s'ouvrir.",
        ),
    ),
)

CONVOCATION = Table(
    nom="convocation",
    intitule="une convocation",
    lignes=(
        EtatDeTable(
            code="envoyee",
            intitule="Envoyée",
            qui="convoqué",
            attend="La personne convoquée accepte, ou refuse et dit pourquoi.",
            vers=("acceptee", "refusee", "honoree", "close", "annulee"),
        ),
        EtatDeTable(
            code="acceptee",
            intitule="Acceptée",
            qui="convoqué",
            attend="La personne vient le jour dit ; d'ici là, un empêchement se dit encore.",
            vers=("envoyee", "refusee", "honoree", "close", "annulee"),
        ),
        EtatDeTable(
            code="refusee",
            intitule="Refusée",
            qui="gestionnaire",
            attend="Le gestionnaire remplace la personne, déplace l'épreuve, ou l'annule.",
            vers=("envoyee", "acceptee", "honoree", "close", "annulee"),
        ),
        EtatDeTable(
            code="honoree",
            intitule="Honorée",
            qui=PERSONNE,
            attend="La personne a signé sa présence, le jour de l'épreuve.",
        ),
        EtatDeTable(
            code="close",
            intitule="Close",
            qui=PERSONNE,
            attend="L'épreuve est finie ; la présence de cette personne n'a pas été signée ici.",
        ),
        EtatDeTable(
            code="annulee",
            intitule="Annulée",
            qui=PERSONNE,
            attend="L'épreuve est retirée, ou cette personne n'y est plus attendue.",
        ),
    ),
)

TABLES = (DOSSIER, EPREUVE, LECTURE, HABILITATION, RECUSATION, CONVOCATION, SECOND_REGARD, RESSAISIE)
