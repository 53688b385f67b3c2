// La grille, geste par geste.
//
// Sans ce fichier, chaque bouton de la page envoie le formulaire et la page revient : tout marche. Avec lui, le même
// bouton envoie le même geste par l'échange de docs/echange-des-faits.md, sans quitter la page. Il ne décide de rien :
// le serveur répond à chaque geste, et rend les morceaux de page à redessiner.

const grille = document.querySelector("[data-parchemin-grille]");
if (grille) demarrer(grille);

function demarrer(formulaire) {
  const reglages = JSON.parse(document.getElementById("grille-reglages").textContent);
  const reseau = document.querySelector("[data-parchemin-reseau]");
  const file = [];
  const gestes = [];
  let appareil = crypto.randomUUID();
  let rang = 0;
  let envoi = false;
  let essais = 0;
  let minuterie = 0;

  // --- Faire un geste ---------------------------------------------------------------------------------------------

  function geste(cible, valeur, extra = {}) {
    const fait = {
      id: crypto.randomUUID(),
      appareil,
      rang: ++rang,
      cible,
      valeur,
      remplace: reglages.derniers[cible] ?? null,
      vus: reglages.vus,
      mural: new Date().toISOString(),
      monotone_ms: Math.round(performance.now()),
      norme: reglages.norme,
      ...extra,
    };
    gestes.push({ cible, avant: reglages.valeurs[cible] ?? null });
    reglages.derniers[cible] = fait.id;
    reglages.valeurs[cible] = valeur;
    file.push(fait);
    montrer(cible, valeur);
    envoyer();
  }

  formulaire.addEventListener("submit", (evenement) => {
    const bouton = evenement.submitter;
    if (!bouton || bouton.formAction !== formulaire.action) return;
    if (bouton.dataset.parcheminAnnuler !== undefined) {
      const dernier = gestes.pop();
      if (!dernier) return; // le geste date d'avant cette page : le serveur sait lequel
      evenement.preventDefault();
      const avant = dernier.avant;
      geste(dernier.cible, avant);
      gestes.pop();
      return;
    }
    if (!bouton.name) return;
    evenement.preventDefault();
    geste(bouton.name, valeurDe(bouton));
  });

  formulaire.addEventListener("change", (evenement) => {
    const champ = evenement.target;
    if (champ.dataset.parcheminCible === undefined && champ.tagName !== "TEXTAREA") return;
    geste(champ.name, champ.value);
  });

  function valeurDe(bouton) {
    return bouton.dataset.parcheminValeur ? JSON.parse(bouton.dataset.parcheminValeur) : bouton.value;
  }
}
