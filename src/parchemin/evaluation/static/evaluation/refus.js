// Un geste refusé reste sur l'appareil, et se dit, jusqu'à ce que la personne y renonce ; le serveur l'inscrit alors.

export function messageDeRefus(file, { id, cible, valeur }, { raison }) {
  const message = document.createElement("p");
  message.className = "message message-non";
  message.role = "alert";
  const dit = typeof valeur === "string" ? ` (« ${valeur} »)` : "";
  message.textContent = `Un geste n’a pas été enregistré, ${cible}${dit}. ${raison} `;
  const renoncer = document.createElement("button");
  renoncer.type = "button";
  renoncer.className = "bouton-lien";
  renoncer.textContent = "Renoncer à ce geste";
  renoncer.addEventListener("click", async () => {
    if (await file.abandonner(id)) message.remove();
    else renoncer.textContent = "Pas de réponse : réessayer de renoncer";
  });
  message.append(renoncer);
  return message;
}
