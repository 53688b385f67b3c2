// Sur toute page d'une personne connectée : envoyer ce qui attend encore sur cet appareil, et ne rien perdre à la déconnexion.

const personne = document.querySelector("[data-parchemin-personne]")?.dataset.parcheminPersonne;
const jeton = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;

// Les pages qui envoient elles-mêmes (la grille, « Ma journée ») n'ont pas besoin de la veille.
if (personne && jeton() && !document.querySelector("[data-parchemin-grille], [data-parchemin-jeton]")) veiller().catch(() => {});

async function veiller() {
  if (!(await connue())) return;
  const { apprendre, gestesDe } = await import("./preparation.js");
  const epreuves = new Set((await gestesDe(personne)).map(({ epreuve }) => epreuve));
  if (!epreuves.size) return;
  const [{ ouvrirLeCoffre }, { ouvrirFile }] = await Promise.all([import("./appareil.js"), import("./envoi.js")]);
  const coffre = ouvrirLeCoffre(personne, { jeton: jeton() }).catch(() => null);
  const rien = () => {};
  for (const epreuve of epreuves) {
    const recus = async (faits) => apprendre(await coffre, epreuve, faits);
    const nouvelles = { etat: rien, gardes: rien, recus, refus: rien, vide: rien, jetonPerime: () => "" };
    ouvrirFile({ adresse: `/epreuves/${epreuve}/faits`, personne, epreuve, coffre, rangConnu: () => 0, jeton, nouvelles });
  }
}

async function connue() {
  return (await indexedDB.databases()).some(({ name }) => name === "parchemin");
}

// --- Se déconnecter : rien ne s'efface tant qu'un geste attend ici, qu'il soit à cette personne ou à une autre ---------

for (const formulaire of document.querySelectorAll("form[data-parchemin-deconnexion]")) {
  formulaire.addEventListener("submit", async (evenement) => {
    evenement.preventDefault();
    const nombre = await quitter().catch(() => -1); // la base ne répond pas : on se déconnecte, et l'on n'efface rien
    if (nombre === null) return;
    formulaire.elements.rien_en_attente.value = nombre === 0 ? "1" : "";
    formulaire.submit();
  });
}

// Rend le nombre de gestes qui restent ici, ou `null` si la personne préfère rester. Les grilles gardées s'oublient ; un
// coffre qui garde des gestes se referme, et ne se rouvrira que pour son auteur.
async function quitter() {
  if (!(await connue())) return 0;
  const { coffres, gestesDe, refermer } = await import("./preparation.js");
  const lignes = await coffres();
  let nombre = 0;
  for (const { personne } of lignes) nombre += (await gestesDe(personne)).length;
  if (nombre && !confirm(phrase(nombre))) return null;
  for (const { personne } of lignes) await refermer(personne);
  return nombre;
}

function phrase(nombre) {
  const quoi = nombre < 2 ? "1 geste n’est pas encore envoyé" : `${nombre} gestes ne sont pas encore envoyés`;
  return `${quoi}. Sur cet appareil, ils restent gardés, chiffrés, pour le retour de leur auteur. Se déconnecter quand même ?`;
}
