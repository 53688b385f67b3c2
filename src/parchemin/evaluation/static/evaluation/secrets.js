// Les secrets du serveur, quand la page ne les a pas reçus avec elle : le plus récent d'abord, ou aucun sans réponse (on fera
// sans, et l'on redemandera à la prochaine page).

export async function demanderLesSecrets(jeton) {
  try {
    const reponse = await fetch("/hors-ligne/cle/", {
      method: "POST",
      headers: { "X-CSRFToken": jeton },
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    return reponse.ok ? (await reponse.json()).secrets : [];
  } catch {
    return [];
  }
}
