# Latent interactions by product indicators. Run from this folder: Rscript sem_interaction.R
source("lavaan_export.R")
suppressMessages(library(semTools))
fit_of <- function(id, data_name, base, added, pairs, x, w, y, probe, data, missing = "listwise") { f <- NULL
  for (control in TRIES) { a <- sem(paste0(base, "\n", added), data = data, estimator = "MLR", meanstructure = TRUE, missing = missing, control = control, start = if (is.null(f)) "default" else f); if (lavInspect(a, "converged")) f <- a }
  p <- parameterEstimates(f); xw <- paste(x, w, sep = "."); s <- probe2WayMC(f, c(x, w, xw), y, w, probe)$SimpleSlope; names(s)[1] <- "value"; cat(id, "\n")
  list(id = id, data = data_name, pairs = pairs, missing = missing, model = base, outcome = y, predictor = x, moderator = w, parameters = keep(p[p$op == "~", ], c("lhs", "rhs", "est", "se")), chisq = fitMeasures(f)[["chisq.scaled"]], slopes = rows(s)) }
hs <- read.csv("data/hs1939.csv"); pd <- PoliticalDemocracy
hs1 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ visual + textual"; p1 <- "ind =~ x1 + x2 + x3\ndem =~ y1 + y2 + y3\nlater =~ y5 + y6 + y7 + y8\nlater ~ ind + dem"
product <- "visual.textual =~ x1.x4 + x2.x5 + x3.x6\nspeed ~ visual.textual"; product2 <- "ind.dem =~ x1.y1 + x2.y2 + x3.y3\nlater ~ ind.dem"
dmc <- indProd(hs, 5:7, 8:10); ort <- orthogonalize(hs, 5:7, 8:10); dmc2 <- indProd(pd, c("x1", "x2", "x3"), c("y1", "y2", "y3")); age <- indProd(hs, c("x1", "x2", "x3"), rep("ageyr", 3)); age$ageyr <- age$ageyr - mean(age$ageyr)
holes <- read.csv("data/hs1939_holes.csv"); names9 <- as.vector(t(outer(paste0("x", 1:3), paste0("x", 4:6), paste, sep = ".")))
shared <- function(k) { rest <- setdiff(names9[-seq_len(k)], ""); own <- strsplit(names9[k], ".", fixed = TRUE)[[1]]; hit <- rest[sapply(strsplit(rest, ".", fixed = TRUE), function(o) any(o %in% own))]; if (length(hit)) paste(names9[k], "~~", paste(hit, collapse = " + ")) }
every <- paste0("visual.textual =~ ", paste(names9, collapse = " + "), "\nspeed ~ visual.textual\n", paste(unlist(lapply(1:8, shared)), collapse = "\n"))
cases <- list(fit_of("hs_double_mean_centred", "hs1939", hs1, product, "matched", "visual", "textual", "speed", c(-1, 0, 0.5), dmc),
  fit_of("hs_orthogonalised", "hs1939", hs1, paste0(product, "\nvisual.textual ~~ 0*visual\nvisual.textual ~~ 0*textual"), "matched", "visual", "textual", "speed", c(-1, 0, 0.5), ort),
  fit_of("bollen_double_mean_centred", "bollen", p1, product2, "matched", "ind", "dem", "later", c(-2, 0, 2), dmc2),
  fit_of("hs_observed_moderator", "hs1939", "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9\nspeed ~ visual + ageyr", "visual.ageyr =~ x1.ageyr + x2.ageyr + x3.ageyr\nspeed ~ visual.ageyr\nvisual.ageyr ~~ ageyr", "matched", "visual", "ageyr", "speed", c(-1, 0, 1), age),
  fit_of("hs_all_pairs", "hs1939", hs1, every, "all", "visual", "textual", "speed", c(-1, 0, 0.5), indProd(hs, 5:7, 8:10, match = FALSE)),
  fit_of("hs_all_pairs_orthogonalised", "hs1939", hs1, paste0(every, "\nvisual.textual ~~ 0*visual\nvisual.textual ~~ 0*textual"), "all", "visual", "textual", "speed", c(-1, 0, 0.5), orthogonalize(hs, 5:7, 8:10, match = FALSE)),
  fit_of("hs_holes_double_mean_centred", "hs1939_holes", hs1, product, "matched", "visual", "textual", "speed", c(-1, 0, 1), indProd(holes, paste0("x", 1:3), paste0("x", 4:6)), "fiml"))
cases[[1]]$products <- rows(dmc[1:3, c("x1.x4", "x2.x5", "x3.x6")]); cases[[2]]$products <- rows(ort[1:3, c("x1.x4", "x2.x5", "x3.x6")])
write_oracle(cases, "sem_interaction.json", semTools = as.character(packageVersion("semTools")))
