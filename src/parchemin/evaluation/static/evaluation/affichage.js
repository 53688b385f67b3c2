// Ce qu'un geste change à l'écran, avant que le serveur n'ait répondu. Rien ne se décide ici : la page relue fait foi.

export function boutons(nom) {
  return [...document.querySelectorAll(`button[name="${CSS.escape(nom)}"]`)];
}

export function choisie(nom) {
  return boutons(nom).find((bouton) => bouton.ariaPressed === "true")?.value ?? null;
}

// `etapes` : les gestes de phase, dans l'ordre, `{ nom, libelle, phase }` : le bouton du haut passe au suivant.
export function afficher(formulaire, etapes, cible, valeur) {
  const [genre, code, borne] = cible.split(":");
  if (genre === "critere" || genre === "alternative") choisir(cible, valeur);
  else if (genre === "competence_abordee") basculer(cible, valeur);
  else if (genre === "entretien" || genre === "courrier") compter(genre, valeur === null ? -1 : 1);
  else if (genre === "phase" && borne !== "duree") avancer(etapes, cible, code, valeur);
  else ecrire(formulaire, genre === "phase" ? `duree:${code}` : cible, valeur);
}

function choisir(nom, valeur) {
  for (const bouton of boutons(nom)) {
    const choisi = bouton.value === valeur;
    bouton.ariaPressed = String(choisi);
    bouton.closest(".critere")?.classList.toggle(bouton.className.replace("choix-", "critere-"), choisi);
  }
}

function basculer(nom, oui) {
  for (const bouton of boutons(nom)) {
    bouton.ariaPressed = String(oui);
    bouton.value = oui ? "non" : "oui";
  }
}

function compter(genre, un) {
  for (const compte of document.querySelectorAll(`[data-parchemin-compte="${genre}"]`)) {
    const [jauge, texte] = [compte.querySelector("progress"), compte.querySelector(".jauge-compte")];
    const total = Math.max(0, Number(compte.dataset.parcheminTotal ?? jauge.value) + un);
    compte.dataset.parcheminTotal = total;
    jauge.value = total;
    texte.textContent = `${total} sur ${jauge.max}`;
  }
}

function avancer(etapes, cible, phase, valeur) {
  const rang = etapes.findIndex(({ nom }) => nom === cible);
  const bouton = document.querySelector("[data-parchemin-etape]");
  const suivante = etapes[rang + (valeur ? 1 : 0)];
  if (bouton && suivante) [bouton.name, bouton.textContent] = [suivante.nom, suivante.libelle];
  if (bouton) bouton.hidden = !suivante;
  const chrono = document.querySelector(`[data-parchemin-phase="${CSS.escape(phase)}"]`);
  if (!chrono) return;
  chrono.hidden = !cible.endsWith(":debut") || !valeur;
  if (!chrono.hidden) chrono.firstElementChild.dataset.parcheminChrono = Date.now();
}

function ecrire(formulaire, nom, valeur) {
  const champ = [...formulaire.elements].find((un) => un.name === nom && un.tagName !== "BUTTON");
  if (!champ || champ === document.activeElement) return;
  champ.value = champ.defaultValue = valeur ?? "";
  if (valeur) champ.closest("details.mot")?.setAttribute("open", "");
}
