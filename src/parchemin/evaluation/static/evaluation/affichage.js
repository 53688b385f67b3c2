// Ce qu'un geste change à l'écran, avant que le serveur n'ait répondu. Rien ne se décide ici : la page relue fait foi.

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
  else if (genre === "entretien" || genre === "courrier") compter(genre, cible, valeur);
  else if (genre === "question") questionner(cible, code, valeur);
  else if (genre === "phase" && borne !== "duree") avancer(code, borne, cle, valeur, instant);
  else ecrire(formulaire, genre === "phase" ? `duree:${code}` : cible, valeur);
}

function choisir(nom, valeur) {
  for (const bouton of boutons(nom)) {
    const choisi = bouton.value === valeur;
    bouton.ariaPressed = String(choisi);
    bouton.closest(".critere")?.classList.toggle(bouton.className.replace("choix-", "critere-"), choisi);
  }
}

function aborder(nom, oui) {
  for (const bouton of boutons(nom)) {
    if ((bouton.ariaPressed === "true") !== oui) ajouter("competence_abordee", oui ? 1 : -1);
    bouton.ariaPressed = String(oui);
    bouton.value = oui ? "non" : "oui";
  }
}

// Un courrier compte s'il dit ce que le référentiel exige de lui : la page le porte, le serveur le redira.
const compte = new Map();

function compter(genre, cible, valeur) {
  const exige = document.querySelector(`[data-parchemin-compte="${genre}"]`)?.dataset.exige.split(" ").filter(Boolean) ?? [];
  const avant = compte.get(cible) ?? valeur === null;
  const apres = valeur !== null && exige.every((cle) => valeur[cle]);
  compte.set(cible, apres);
  ajouter(genre, Number(apres) - Number(avant));
}

function ajouter(genre, un) {
  for (const place of document.querySelectorAll(`[data-parchemin-compte="${genre}"]`)) {
    const jauge = place.querySelector("progress");
    const total = Math.max(0, Number(place.dataset.total ?? jauge.value) + un);
    place.dataset.total = jauge.value = total;
    place.querySelector(".jauge-compte").textContent = `${total} sur ${jauge.max}`;
    place.firstElementChild.classList.toggle("jauge-atteinte", total >= jauge.max);
  }
}

function questionner(nom, critere, texte) {
  const [bouton = nouvelle(nom, critere, texte)] = boutons(nom);
  if (!bouton) return;
  bouton.dataset.texte ??= bouton.value || bouton.textContent.trim();
  bouton.value = texte ? "" : bouton.dataset.texte;
  bouton.ariaPressed = String(Boolean(texte));
}

function nouvelle(nom, critere, texte) {
  const place = texte && document.getElementById(`questions-${critere}`);
  if (!place) return undefined;
  const bouton = Object.assign(document.createElement("button"), { className: "question", name: nom, textContent: texte });
  place.append(bouton);
  return bouton;
}

// `depuis` : d'où compte le chronomètre, pauses ôtées ; `arret` : où il s'est arrêté.
function avancer(code, borne, cle, valeur, instant) {
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
