// Un geste refusé reste sur l'appareil, et se dit, jusqu'à ce que la personne y renonce ; le serveur l'inscrit alors.

export function messageDeRefus(file, fait, refus) {
  const { cible, valeur } = fait;
  const message = document.createElement("p");
  message.className = "message message-non";
  message.role = "alert";
  const dit = typeof valeur === "string" ? ` (« ${valeur} »)` : "";
  message.textContent = `Un geste n’a pas été enregistré, ${cible}${dit}. ${refus.raison} `;
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

// Faux si le serveur n'a pas répondu : l'appareil n'oublie que ce qui est inscrit.
export async function abandonner(file, fait, refus) {
  try {
    const { ok } = await file.demander("abandons", { abandons: [{ fait, ...refus }] });
    if (ok) await file.oublier(fait.id);
    return ok;
  } catch {
    return false;
  }
}
