// Sur toute page d'une personne connectée : envoyer ce qui attend encore sur cet appareil, et ne rien perdre à la déconnexion.

const personne = document.querySelector("[data-parchemin-personne]")?.dataset.parcheminPersonne;
const PATIENCE = 2_000;
const jeton = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;

// Un onglet n'ouvre plus, sans réseau, le coffre de la personne d'avant.
try {
  if (personne && !sessionStorage.getItem("parchemin-onglet")?.startsWith(`${personne},`)) sessionStorage.removeItem("parchemin-onglet");
} catch {}

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

// Sans la créer : tous les navigateurs ne savent pas nommer leurs bases.
function connue() {
  return new Promise((oui) => {
    const demande = indexedDB.open("parchemin");
    demande.onupgradeneeded = () => demande.transaction.abort();
    demande.onerror = () => oui(false);
    demande.onsuccess = () => {
      demande.result.close();
      oui(true);
    };
  });
}

// --- Se déconnecter : ce qui attend encore reste, et ce qui est à une autre personne ne s'efface pas ----------------------

for (const formulaire of document.querySelectorAll("form[data-parchemin-deconnexion]")) {
  formulaire.addEventListener("submit", async (evenement) => {
    evenement.preventDefault();
    // La base ne répond pas, ou refuse : on se déconnecte, et l'on n'efface rien.
    const restants = await Promise.race([attendent(), sansReponse(0)]).catch(() => 0);
    if (restants && !confirm(phrase(restants))) return;
    const vide = await Promise.race([quitter(), sansReponse(false)]).catch(() => false);
    formulaire.elements.rien_en_attente.value = vide ? "1" : "";
    formulaire.submit();
  });
}

const sansReponse = (valeur) => new Promise((suite) => setTimeout(suite, PATIENCE, valeur));

// Combien de gestes de cette personne attendent ici. Ceux d'une autre ne la regardent pas.
async function attendent() {
  if (!(await connue())) return 0;
  return (await (await import("./preparation.js")).gestesDe(personne)).length;
}

// Rend vrai si cet appareil ne garde plus rien.
async function quitter() {
  return !(await connue()) || (await import("./preparation.js")).refermer(personne);
}

function phrase(nombre) {
  const quoi = nombre < 2 ? "1 geste n’est pas encore envoyé" : `${nombre} gestes ne sont pas encore envoyés`;
  return `${quoi}. Sur cet appareil, ils restent gardés, chiffrés, pour votre retour. Se déconnecter quand même ?`;
}
