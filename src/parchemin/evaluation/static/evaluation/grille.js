// La grille, geste par geste.
//
// Sans ce fichier, chaque bouton de la page envoie le formulaire et la page revient : tout marche. Avec lui, le même
// bouton fait le même geste par l'échange de docs/echange-des-faits.md, sans quitter la page. Il ne décide de rien : le
// serveur répond à chaque fait, puis rend les morceaux de page à redessiner.

const formulaire = document.querySelector("[data-parchemin-grille]");
if (formulaire) demarrer();

function demarrer() {
  const reglages = JSON.parse(document.getElementById("grille-reglages").textContent);
  const jeton = formulaire.querySelector("[name=csrfmiddlewaretoken]").value;
  const etat = document.querySelector("[data-parchemin-etat]");
  const appareil = crypto.randomUUID(); // un onglet est un appareil : ses rangs n'appartiennent qu'à lui
  const file = [];
  let rang = 0;
  let envoi = null;
  let essais = 0;

  // --- Faire un geste ---------------------------------------------------------------------------------------------

  function geste(cible, valeur) {
    const fait = {
      id: crypto.randomUUID(),
      appareil,
      rang: ++rang,
      cible,
      valeur,
      remplace: reglages.derniers[cible] ?? null,
      vus: { ...reglages.vus },
      mural: new Date().toISOString(),
      monotone_ms: Math.round(performance.now()),
      norme: reglages.norme,
    };
    reglages.derniers[cible] = fait.id;
    file.push(fait);
    envoyer();
  }

  // Ce que veut dire un bouton du formulaire ; `undefined` : le laisser partir comme sans JavaScript.
  function lire(bouton) {
    const [genre, ...reste] = bouton.name.split(":");
    if (["critere", "alternative"].includes(genre)) return [bouton.name, bouton.value];
    if (genre === "phase") return [bouton.name, true];
    if (genre === "competence_abordee") return [bouton.name, bouton.value === "oui"];
    if (genre === "retirer") return [reste.join(":"), null];
    if (bouton.value === "entretien") {
      const voie = formulaire.querySelector("[name=alternative][aria-pressed=true]");
      return [`entretien:${crypto.randomUUID()}`, { alternative: voie ? voie.value : null }];
    }
    if (bouton.value === "courrier") {
      const motif = formulaire.elements.motif;
      const valeur = { motif: motif.value.trim(), preselectionne: formulaire.elements.preselectionne.checked };
      motif.value = "";
      return [`courrier:${crypto.randomUUID()}`, valeur];
    }
    return undefined;
  }

  document.addEventListener("submit", (evenement) => {
    if (evenement.target !== formulaire) return;
    const bouton = evenement.submitter;
    const lu = bouton ? lire(bouton) : undefined;
    if (!lu) {
      if (file.length) evenement.preventDefault(); // d'abord envoyer ce qui attend, puis la page entière
      return;
    }
    evenement.preventDefault();
    if (bouton.name.startsWith("critere:")) montrer(bouton);
    geste(...lu);
  });

  formulaire.addEventListener("change", (evenement) => {
    const champ = evenement.target;
    if (champ.name.startsWith("commentaire:") || champ.name === "lieu") geste(champ.name, champ.value.trim());
    if (champ.name.startsWith("duree:")) {
      const minutes = Number.parseInt(champ.value, 10);
      geste(`phase:${champ.name.slice(6)}:duree`, Number.isNaN(minutes) ? null : minutes);
    }
  });

  function montrer(bouton) {
    const critere = bouton.closest(".critere");
    for (const autre of critere.querySelectorAll("button[name]")) {
      autre.setAttribute("aria-pressed", String(autre === bouton));
    }
    const forme = { valide: "v", non_valide: "n", non_observe: "o" }[bouton.value];
    critere.className = `critere critere-${forme}`;
  }

  // --- Envoyer, dans l'ordre, jusqu'à la réponse -------------------------------------------------------------------

  function envoyer() {
    if (envoi || !file.length) return;
    dire(file.length === 1 ? "Enregistrement…" : `Enregistrement de ${file.length} gestes…`);
    envoi = expedier().finally(() => {
      envoi = null;
    });
  }

  async function expedier() {
    while (file.length) {
      const lot = file.slice(0, 100);
      let reponse;
      try {
        reponse = await fetch(reglages.faits, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": jeton },
          body: JSON.stringify({ faits: lot }),
          signal: AbortSignal.timeout(15000),
        });
      } catch {
        reprendre("Pas de réseau");
        return;
      }
      if (!reponse.ok) {
        const corps = await reponse.json().catch(() => ({}));
        reprendre(corps.erreur?.message ?? `Le serveur répond ${reponse.status}`);
        return;
      }
      const { reponses } = await reponse.json();
      const refusees = reponses.filter((une) => une.etat === "refusee");
      file.splice(0, lot.length);
      essais = 0;
      if (refusees.length) {
        dire(`Refusé : ${refusees[0].raison}`, "non");
        location.reload(); // la page du serveur dit ce qui est gardé
        return;
      }
    }
    dire("Tout est enregistré");
    await redessiner();
  }

  function reprendre(raison) {
    const combien = file.length === 1 ? "1 geste gardé" : `${file.length} gestes gardés`;
    dire(`${raison} · ${combien} dans cette page, nouvel essai bientôt`, "attente");
    essais += 1;
    setTimeout(envoyer, Math.min(1000 * 2 ** essais, 60000));
  }

  function dire(phrase, ton = "") {
    etat.textContent = phrase;
    etat.dataset.ton = ton;
  }

  // Les morceaux que le serveur sait mieux dessiner : jauges, gestes, comptes, remarques d'un conflit.
  async function redessiner() {
    try {
      const reponse = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (!reponse.ok || file.length) return;
      const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
      const frais = JSON.parse(page.getElementById("grille-reglages").textContent);
      if (file.length) return;
      Object.assign(reglages, frais);
      delete reglages.vus[appareil];
      for (const morceau of document.querySelectorAll("[data-parchemin-vif]")) {
        const neuf = page.getElementById(morceau.id);
        if (!neuf || morceau.contains(document.activeElement)) {
          if (neuf) garderLeFoyer(morceau, neuf);
          continue;
        }
        morceau.replaceWith(document.importNode(neuf, true));
      }
    } catch {
      // Rien n'est perdu : le dessin se refera au prochain geste.
    }
  }

  function garderLeFoyer(morceau, neuf) {
    const actif = document.activeElement;
    if (actif.tagName !== "BUTTON" && actif.type !== "checkbox") return; // on n'ôte pas un champ sous les doigts
    const copie = document.importNode(neuf, true);
    const nom = actif.name;
    morceau.replaceWith(copie);
    (copie.querySelector(`[name="${CSS.escape(nom)}"]`) ?? copie.querySelector("button"))?.focus();
  }

  window.addEventListener("online", envoyer);
  window.addEventListener("beforeunload", (evenement) => {
    if (file.length) evenement.preventDefault();
  });
}
