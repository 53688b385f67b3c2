// Ce qu'un geste change à l'écran, avant que le serveur n'ait répondu. La page relue fait foi.

// Une page n'oublie pas l'échec d'un module : on le redemande sous un autre nom.
const charges = {};
let echecs = 0;

export const charger = (module) =>
  charges[module]?.catch(() => charger(module)) ?? // un essai d'avant le retour du réseau
  (charges[module] = import(`${module}?${echecs}`).catch((erreur) => {
    delete charges[module];
    echecs += 1;
    throw erreur;
  }));

export function boutons(nom) {
  return [...document.querySelectorAll(`button[name="${CSS.escape(nom)}"]`)];
}

export function choisie(nom) {
  return boutons(nom).find((bouton) => bouton.ariaPressed === "true")?.value ?? null;
}

// `instant` : celui du geste, sur l'horloge qui ne recule pas (`monotone_ms`).
export function afficher(formulaire, cible, valeur, instant) {
  const [genre, code, borne, cle] = cible.split(":");
  if (genre === "critere" || genre === "alternative") choisir(cible, valeur);
  else if (genre === "competence_abordee") aborder(cible, valeur);
  else if (genre === "entretien" || genre === "courrier") plusTard("./jauges.js", "compter", genre, cible, valeur);
  else if (genre === "question") plusTard("./entretien.js", "questionner", cible, code, valeur);
  else if (genre === "phase" && borne !== "duree") avancer(code, borne, cle, valeur, instant);
  else ecrire(formulaire, genre === "phase" ? `duree:${code}` : cible, valeur);
}

function choisir(nom, valeur) {
  plusTard("./jauges.js");
  for (const bouton of boutons(nom)) {
    const choisi = bouton.value === valeur;
    bouton.ariaPressed = String(choisi);
    bouton.closest(".critere")?.classList.toggle(bouton.className.replace("choix-", "critere-"), choisi);
  }
}

function aborder(nom, oui) {
  for (const bouton of boutons(nom)) {
    if ((bouton.ariaPressed === "true") !== oui) plusTard("./jauges.js", "ajouter", "competence_abordee", oui ? 1 : -1);
    bouton.ariaPressed = String(oui);
    bouton.value = oui ? "non" : "oui";
  }
}

// Faute de réseau, l'écran s'en passe : le geste est fait.
export const plusTard = (module, nom, ...arguments_) => charger(module).then((charge) => charge[nom]?.(...arguments_), () => {});

// `depuis` : d'où compte le chronomètre, pauses ôtées ; `arret` : où il s'est arrêté.
function avancer(code, borne, cle, valeur, instant) {
  plusTard("./chrono.js");
  for (const phase of document.querySelectorAll(`[data-parchemin-phase="${CSS.escape(code)}"]`)) {
    const d = phase.dataset;
    const enCours = () => (d.pause ? "en_pause" : "en_cours");
    if (borne === "debut") [d.etat, d.depuis, d.pause] = [valeur ? "en_cours" : "a_commencer", instant, ""];
    else if (borne === "fin") d.etat = valeur ? "finie" : enCours();
    else if (borne === "pause") [d.pause, d.arret] = valeur ? [cle, instant] : ["", ""];
    else if (valeur) [d.depuis, d.pause, d.ote] = [Number(d.depuis) + instant - d.arret, "", instant - d.arret];
    else [d.depuis, d.pause] = [d.depuis - (d.ote ?? 0), cle];
    if (borne === "pause" || borne === "reprise") d.etat = enCours();
  }
}

function ecrire(formulaire, nom, valeur) {
  const champ = [...formulaire.elements].find((un) => un.name === nom && un.tagName !== "BUTTON");
  if (!champ || champ === document.activeElement) return;
  champ.value = champ.defaultValue = valeur ?? "";
  if (valeur) champ.closest("details.mot")?.setAttribute("open", "");
}
