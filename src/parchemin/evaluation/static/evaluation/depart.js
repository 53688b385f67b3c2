// Partir laisse une seconde à l'envoi ; ce qui n'est pas parti est gardé ici. Clore, en revanche, demande que tout soit reçu.

const attendre = (ms) => new Promise((suite) => setTimeout(suite, ms));

export async function partir(lien, { file }) {
  const exige = lien.dataset.parcheminApresEnvoi !== undefined;
  if ((await (exige ? vider(file) : Promise.race([vider(file), attendre(1_000)]))) || !exige) return location.assign(lien.href);
  const place = document.querySelector("[data-parchemin-depart]");
  if (place) place.textContent = "Pour clore, le serveur doit d’abord avoir tout reçu. Réessayez quand tout sera enregistré.";
}

// Vrai dès que tout est reçu ; faux si le serveur refuse ou ne répond pas.
export async function vider(file) {
  await file.pret;
  while (file.enAttente() && !file.bloque()) {
    file.essayer();
    await attendre(100);
  }
  return !file.enAttente();
}
