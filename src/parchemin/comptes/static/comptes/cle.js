// Une clé d'accès qui ne répond pas se dit dans la page ; celle de la connexion ne s'offre que si le navigateur en a.

document.addEventListener("allauth.error", (evenement) => {
  evenement.preventDefault();
  const erreur = document.querySelector("[data-parchemin-cle-erreur]");
  if (erreur) erreur.hidden = false;
});

const offerte = document.querySelector("[data-parchemin-cle-offerte]");
if (offerte && window.PublicKeyCredential) offerte.hidden = false;
