// Le brouillon se garde tout seul : quelques secondes après la dernière frappe, en quittant un champ, en quittant la page.
// L'envoi est celui du bouton « Garder le brouillon », sans le fichier ; sa réponse dit la révision gardée. Rien dans le navigateur.

const REPOS_MS = 4000;
const formulaire = document.querySelector("form[data-parchemin-brouillon]");
const dit = document.querySelector("[data-parchemin-brouillon-dit]");

let attente = 0;
let change = false;
let enCours = null;

function saisie() {
  const envoi = new FormData(formulaire);
  envoi.delete("fichier");
  envoi.delete("sans_fichier");
  envoi.set("geste", "garder");
  return envoi;
}

async function envoyer() {
  change = false;
  try {
    const reponse = await fetch(location.href, { method: "POST", body: saisie(), keepalive: true });
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    const vu = page.querySelector("form[data-parchemin-brouillon] [name=vu]");
    if (!reponse.ok || !reponse.redirected || !vu) {
      dit.textContent = dit.dataset.refuse;
      return;
    }
    formulaire.elements.vu.value = vu.value;
    history.replaceState(null, "", reponse.url);
    const heure = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
    dit.textContent = `${dit.dataset.garde} ${heure}.`;
    const fichier = formulaire.elements.fichier;
    if (!change && !(fichier && fichier.value)) formulaire.dispatchEvent(new Event("parchemin:garde"));
  } catch {
    change = true;
    dit.textContent = dit.dataset.panne;
  }
}

function garder() {
  clearTimeout(attente);
  if (!change || enCours) return;
  enCours = envoyer().finally(() => {
    enCours = null;
    if (change) programmer();
  });
}

function programmer() {
  clearTimeout(attente);
  attente = setTimeout(garder, REPOS_MS);
}

if (formulaire && dit) {
  formulaire.addEventListener("input", (evenement) => {
    if (evenement.target.name === "fichier") return;
    change = true;
    programmer();
  });
  formulaire.addEventListener("focusout", garder);
  addEventListener("pagehide", garder);
  formulaire.addEventListener("submit", (evenement) => {
    clearTimeout(attente);
    change = false;
    if (!enCours) return;
    // La révision que l'envoi en cours vient de garder doit être celle que l'on publie.
    evenement.preventDefault();
    const bouton = evenement.submitter;
    enCours.then(() => formulaire.requestSubmit(bouton));
  });
}
