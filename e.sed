s|^      if (recus.length) taille = Math.min(LOT, taille \* 2);|      if (recus.length) {|
s|^      await acquitter(recus);|        taille = Math.min(LOT, taille * 2);\n        await acquitter(recus);\n      }|
