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
  else {
    if (genre === "phase") avancer(code, borne, cle, valeur, instant);
    ecrire(formulaire, genre === "phase" ? `${borne}:${code}` : cible, valeur);
  }
}

function choisir(nom, valeur) {
  plusTard("./jauges.js");
  for (const bouton of boutons(nom)) {
    const choisi = bouton.value === valeur;
    bouton.ariaPressed = choisi;
    bouton.closest(".critere")?.classList.toggle(bouton.className.replace("choix-", "critere-"), choisi);
  }
}

function aborder(nom, oui) {
  for (const bouton of boutons(nom)) {
    if ((bouton.ariaPressed === "true") !== oui) plusTard("./jauges.js", "ajouter", "competence_abordee", oui ? 1 : -1);
    bouton.ariaPressed = oui;
    bouton.value = oui ? "non" : "oui";
  }
}

// Faute de réseau, l'écran s'en passe : le geste est fait.
export const plusTard = (module, nom, ...arguments_) => charger(module).then((charge) => charge[nom]?.(...arguments_), () => {});

// Les bornes d'une phase, lues comme au serveur : ce qui est retiré ne borne rien. Une page gardée d'avant ne les a pas.
function avancer(code, borne, cle, valeur, instant) {
  const morceaux = document.querySelectorAll(`[data-parchemin-phase="${code}"]`);
  const d = morceaux[0]?.dataset;
  if (!d || (!d.bornes && d.etat === "finie")) return;
  const b = d.bornes ? JSON.parse(d.bornes) : { debut: +d.depuis, [`pause:${d.pause}`]: +d.arret };
  b[cle ? `${borne}:${cle}` : borne] = valeur && borne !== "duree" ? instant : valeur;
  d.bornes = JSON.stringify(b);
  const ouverte = (nom) => b[nom] && nom.startsWith("pause:") && !b[nom.replace("pause", "reprise")];
  const pause = Object.keys(b).find(ouverte)?.slice(6) ?? "";
  const etat = b.fin || b.duree != null ? "finie" : !b.debut ? "a_commencer" : pause ? "en_pause" : "en_cours";
  for (const { dataset } of morceaux) Object.assign(dataset, { etat, pause });
  plusTard("./chrono.js", "mesurer", morceaux[0]);
}

function ecrire(formulaire, nom, valeur) {
  const champ = [...formulaire.elements].find((un) => un.name === nom && un.tagName !== "BUTTON");
  if (!champ || champ === document.activeElement) return;
  champ.value = champ.defaultValue = valeur ?? "";
  if (valeur) champ.closest("details.mot")?.setAttribute("open", "");
}
