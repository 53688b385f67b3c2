// Relire la page du serveur, et poser ses morceaux vifs (`data-parchemin-vif`, les critères, les faits observés) à la place des anciens.

import { charger } from "./affichage.js";

const { rendre } = await charger("./focus.js"); // échoué, il se redemande avec ce module

const PAS_LA_GRILLE = "Votre connexion a changé : reconnectez-vous dans un autre onglet, puis revenez ici.";

// Rend `arret` (ce qui empêche d'envoyer encore), `rendue` (la page du serveur, et les rangs qu'elle a
// vus), `neufs` (ses réglages, quand tout ce qu'ils disent est à l'écran).
export async function relire(formulaire, reglages, file, connus) {
  const reponse = await fetch(formulaire.action, { redirect: "manual", signal: AbortSignal.timeout(15_000) });
  if (!reponse.ok) return { arret: PAS_LA_GRILLE };
  const texte = await reponse.text();
  const neuve = new DOMParser().parseFromString(texte, "text/html");
  const grille = neuve.querySelector("form[data-parchemin-grille]");
  if (!grille) return { arret: PAS_LA_GRILLE };
  const neufs = JSON.parse(neuve.getElementById("grille-reglages").textContent);
  if (neufs.personne !== reglages.personne) return { arret: "Une autre personne s’est connectée : ces gestes attendent leur auteur." };
  formulaire.elements.csrfmiddlewaretoken.value = grille.elements.csrfmiddlewaretoken.value;
  // Un geste est reparti, ou a été reçu, depuis que le serveur a rendu cette page : sa réponse fera relire.
  if (file.enAttente() || Object.entries(connus).some(([nom, rang]) => rang > (neufs.vus[nom] ?? 0))) return {};
  let toutMontre = true;
  for (const ancien of document.querySelectorAll("[data-parchemin-vif], [data-parchemin-critere], [data-parchemin-mot]")) {
    const nouveau = neuve.getElementById(ancien.id);
    if (nouveau && trait(ancien) !== trait(nouveau)) toutMontre = remplacer(ancien, nouveau) && toutMontre;
  }
  const rendue = { texte, vus: { ...neufs.vus } };
  return { rendue, neufs: toutMontre ? neufs : undefined }; // sinon, on ne dit pas avoir vu ce que l'écran n'a pas montré
}

// Un critère, ou ce qu'on dit d'une compétence, se redessine quand son choix, sa mention ou son texte change ; le reste, dès qu'il change.
function trait(morceau) {
  if (morceau.dataset.parcheminVif !== undefined) return morceau.outerHTML;
  const remarque = morceau.querySelector("textarea")?.defaultValue.trim();
  return `${morceau.className} ${morceau.querySelector(".critere-indication")?.textContent} ${remarque}`;
}

function remplacer(ancien, nouveau) {
  const actif = document.activeElement;
  const dedans = ancien.contains(actif);
  if (dedans && actif.matches("textarea, input:not([type=checkbox])")) return false; // jamais sous les doigts
  if (ancien.querySelector("[aria-invalid=true]")) return false; // ni sur ce qui reste à corriger
  for (const champ of ancien.querySelectorAll("input[id], textarea[id]")) {
    const jumeau = nouveau.querySelector(`#${CSS.escape(champ.id)}`);
    if (!jumeau) continue;
    if (champ.value !== champ.defaultValue) jumeau.value = champ.value;
    jumeau.checked = champ.checked;
  }
  const plis = (racine) => [racine, ...racine.querySelectorAll("details")].filter((pli) => pli.tagName === "DETAILS");
  plis(nouveau).forEach((pli, rang) => (pli.open = plis(ancien)[rang]?.open ?? pli.open));
  ancien.replaceWith(document.adoptNode(nouveau));
  if (dedans) rendre(actif, nouveau);
  return true;
}
