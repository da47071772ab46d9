# Standard errors and tests of different families, least squares given exogenous variables, means given without data, two
# minima of GLS; and modification indices where few look. Run from this folder: Rscript sem_uncommon_options.R
source("lavaan_export.R")
lo <- rows(longley); save_data("lo", lo)
read <- function(name) { d <- read.csv(file.path("data", paste0(name, ".csv"))); if (!is.null(d$school)) d$school <- as.character(d$school); d }
H <- read("hs1939"); HH <- read("hs1939_holes"); b5 <- read("b5"); ju <- read("ju"); merged <- read("bfi_merged")
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
given <- "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9\nvisual ~ ageyr + sex\nspeed ~ visual"
two <- "A =~ A1 + A2 + A3 + A4 + A5\nE =~ E1 + E2 + E3 + E4 + E5"
mods <- function(f) { m <- as.data.frame(modindices(f)); names(m) <- gsub(".", "_", names(m), fixed = TRUE); if (is.null(m$group)) m$group <- 1
  list(modification = m[, c("lhs", "op", "rhs", "group", "mi", "epc")]) }
# scores from the moments that lavaan's own solution implies, by the textbook's formulas: E(eta | y), and GLS given eta
by_hand <- function(f) { V <- lavInspect(f, "cov.all"); ov <- lavNames(f, "ov"); lv <- lavNames(f, "lv"); y <- lavInspect(f, "data")
  y <- head(sweep(y, 2, colMeans(y)), 8); L <- V[ov, lv] / V[lv, lv]; W <- solve(V[ov, ov] - V[lv, lv] * L %o% L)
  list(latent = I(lv), scores = list(regression = unname(c(y %*% solve(V[ov, ov]) %*% V[ov, lv])), bartlett = if (any(parTable(f)$exo == 1)) NULL else unname(c(y %*% W %*% L) / c(L %*% W %*% L)))) }
moments <- list(sample.cov = cov(ju[, 1:6]), sample.mean = colMeans(ju[, 1:6]), sample.nobs = nrow(ju))
# lavaan's baseline of GLS stops in another minimum, too high
alone <- function(case) { case$fit <- case$fit[c("npar", "fmin", "chisq", "df", "pvalue", "rmsea", "srmr")]; case }
cases <- list(
  one("sandwich_and_satorra_bentler", "hs1939", cfa3, H, list(se = "robust.huber.white", test = "satorra.bentler")),
  one("sandwich_and_shifted_groups", "hs1939", cfa3, H, list(se = "robust.huber.white", test = "scaled.shifted", group = "school", group.equal = c("loadings", "intercepts"))),
  one("mlm_observed", "b5", two, b5, list(estimator = "MLM", information = "observed")), one("scores_alone_fiml", "hs1939_holes", cfa3, HH, list(missing = "fiml", se = "first.order")),
  one("uls_given_exogenous", "hs1939", given, H, list(estimator = "ULS", fixed.x = TRUE)), one("gls_given_exogenous", "hs1939", given, H, list(estimator = "GLS", fixed.x = TRUE)),
  one("ulsmv_given_exogenous", "hs1939", given, H, list(estimator = "ULSMV", fixed.x = TRUE)), one("uls_robust", "b5", two, b5, list(estimator = "ULS", se = "robust.sem", test = "mean.var.adjusted")),
  one("ulsm_groups", "hs1939", cfa3, H, list(estimator = "ULSM", group = "school", group.equal = c("loadings", "intercepts"))),
  one("means_without_data", "ju_moments", paste0("a =~ ", paste(names(ju)[2:4], collapse = " + "), "\n", names(ju)[5], " ~ a"), NULL, list(), statistics = moments),
  alone(one("two_minima_gls", "lo", "Employed ~ GNP + Armed_Forces\nGNP ~ Population", lo, list(estimator = "GLS"))),
  one("scores_beside_an_outcome", "hs1939", "visual =~ x1 + x2 + x3\nx9 ~ ageyr\nvisual ~ sex\nvisual ~~ x9", H, extra = by_hand),
  one("scores_of_outcomes_in_a_chain", "hs1939", "visual =~ x1 + x2 + x3\nx4 ~ visual\nx5 ~ x4 + visual", H, extra = by_hand),
  one("two_minima_ml", "ju", "q =~ INTG + DMNR + DILG\nw =~ CFMG + DECI + PREP\no =~ ORAL + WRIT + RTEN\ntop =~ 1*q + 1*w + 1*o\nq ~~ u*q\nw ~~ u*w\nPHYS ~ top", ju, list(estimator = "MLM")),
  one("path_is_product", "hs1939", "x4 ~ b*x1 + cp*x9\nx1 ~ a*x9\ncp == a*b", H, list(estimator = "MLR")),
  one("indirect_is_given", "hs1939_holes", "x4 ~ b*x1 + cp*x9\nx1 ~ a*x9\nab := a*b\nab == 0.1", HH, list(missing = "fiml", estimator = "MLR")),
  one("loading_is_square_in_groups", "hs1939", "visual =~ x1 + c(a1, a2)*x2 + x3\ntextual =~ x4 + x5 + x6\na1 == a2^2", H, list(group = "school", estimator = "MLM")),
  one("loading_is_product_ordered", "bfi_merged", "Ne =~ N1 + a*N2 + b*N3 + c*N4\na == b*c", merged, list(ordered = paste0("N", 1:4), estimator = "WLSMV")),
  one("modification_wishart_groups", "b5", two, b5, list(group = "gender", group.equal = "loadings", likelihood = "wishart"), extra = mods),
  one("modification_of_scales", "bfi_merged", "Ne =~ N1 + 0.7*N2 + N3 + 1.1*N4", merged, list(ordered = paste0("N", 1:4), estimator = "WLSMV"), extra = mods),
  one("modification_fiml_given", "hs1939_holes", "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nvisual ~ ageyr + sex\ntextual ~ visual", HH, list(missing = "fiml", estimator = "MLR"), extra = mods))
write_oracle(cases, "sem_uncommon_options.json", provenance = "lavaan HolzingerSwineford1939; psych bfi; datasets USJudgeRatings, longley")
