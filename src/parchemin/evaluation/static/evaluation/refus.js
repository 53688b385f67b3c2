// Un geste refusé reste sur l'appareil, et se dit, jusqu'à ce que la personne y renonce ; le serveur l'inscrit alors. Mis à part
// (`refus` nul), il est reçu, mais n'est pas dans la grille : cela se dit aussi.

import { phrase } from "./annulation.js";
import { SIGNES, TROP_LONG } from "./rejet.js";

let aPart = 0;

export function messageDeRefus(file, fait, refus) {
  return refus ? refuse(file, fait, refus) : misAPart();
}

function misAPart() {
  aPart += 1;
  const message = document.querySelector("[data-parchemin-a-part]") ?? document.createElement("p");
  message.dataset.parcheminAPart = "";
  message.className = "message message-attente";
  message.role = "status";
  const quoi = aPart < 2 ? "Un geste a été reçu, mais mis à part" : `${aPart} gestes ont été reçus, mais mis à part`;
  message.textContent = `${quoi} : vous n’évaluez plus cette épreuve, ou elle a été close. Le gestionnaire décidera d’en tenir compte ou non.`;
  return message;
}

function refuse(file, fait, refus) {
  const { cible, valeur } = fait;
  const message = document.createElement("p");
  message.className = "message message-non";
  message.role = "alert";
  const texte = valeur && /^(commentaire|question):/.test(cible) ? ` (« ${valeur} »)` : "";
  message.textContent = `Un geste n’a pas été enregistré. ${phrase(cible, valeur)}${texte}. ${refus.raison} `;
  const renoncer = document.createElement("button");
  renoncer.type = "button";
  renoncer.className = "bouton-lien";
  renoncer.textContent = "Renoncer à ce geste";
  renoncer.addEventListener("click", async () => {
    if (await abandonner(file, fait, refus)) message.remove();
    else renoncer.textContent = "Pas de réponse : réessayer de renoncer";
  });
  message.append(renoncer);
  return message;
}

// Un geste trop grand pour un envoi l'est aussi pour dire qu'on y renonce : son début suffit, avec sa longueur. Tout autre se dit en entier.
function abreger(fait, { code }) {
  const texte = typeof fait.valeur === "string" ? fait.valeur : JSON.stringify(fait.valeur);
  if (code !== TROP_LONG.code || texte.length <= SIGNES) return fait;
  const debut = texte.slice(0, SIGNES).replace(/[\ud800-\udbff]$/, ""); // pas un demi-caractère
  return { ...fait, valeur: `${debut}… (${texte.length} signes)` };
}

// Faux si le serveur n'a pas répondu : l'appareil n'oublie que ce qui est inscrit.
export async function abandonner(file, fait, refus) {
  try {
    const { ok } = await file.demander("abandons", { abandons: [{ fait: abreger(fait, refus), ...refus }] });
    if (ok) await file.oublier(fait.id);
    return ok;
  } catch {
    return false;
  }
}
