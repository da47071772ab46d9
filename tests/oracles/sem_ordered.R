# Fits of ordered and mixed data by least squares. Run from this folder: Rscript sem_ordered.R
source("lavaan_export.R")
suppressMessages(library(psych))
b <- bfi[501:1100, c(paste0("N", 1:4), paste0("E", 1:3), "A1", "gender", "age")]
merge <- function(x, cuts) cut(x, cuts, labels = FALSE)     # fewer categories keep the oracle small
for (v in paste0("N", 1:4)) b[[v]] <- merge(b[[v]], c(0, 2, 4, 6))
for (v in paste0("E", 1:3)) b[[v]] <- merge(b[[v]], c(0, 1, 3, 6))
b$A1 <- merge(b$A1, c(0, 1, 6)); b$E4 <- bfi[501:1100, "E4"]; b$N5 <- bfi[501:1100, "N5"]
b$sex <- ifelse(b$gender == 1, "men", "women"); b$decades <- b$age / 10
save_data("bfi_merged", b)
items <- c(paste0("N", 1:4), paste0("E", 1:3))
ne <- "Ne =~ N1 + N2 + N3 + N4\nEx =~ E1 + E2 + E3"
path <- "Ne =~ N1 + N2 + N3 + N4\nEx =~ E1 + E2 + E3\nEx ~ Ne\nA1 ~ a*Ne + b*Ex\ndiff := a - b"
mixed <- "Ne =~ N1 + N2 + N3 + N5\nEx =~ E1 + E2 + E4"
o <- function(id, model, ordered, ...) { r <- one(id, "bfi_merged", model, b, list(ordered = ordered, ...)); r }
cases <- list(
  o("wlsmv", ne, items), o("theta", ne, items, parameterization = "theta"), o("dwls", ne, items, estimator = "DWLS"),
  o("wls", ne, items, estimator = "WLS"), o("ulsmv", ne, items, estimator = "ULSMV"), o("uls", ne, items, estimator = "ULS"),
  o("wlsm", ne, items, estimator = "WLSM"), o("wlsmvs", ne, items, estimator = "WLSMVS"),
  o("pairwise", ne, items, missing = "pairwise"), o("std_lv", ne, items, std.lv = TRUE),
  o("binary_outcome", path, c(items, "A1")), o("binary_outcome_theta", path, c(items, "A1"), parameterization = "theta"),
  o("mixed", mixed, c("N1", "N2", "N3", "E1", "E2")), o("mixed_pairwise", mixed, c("N1", "N2", "N3", "E1", "E2"), missing = "pairwise"),
  o("mixed_theta", mixed, c("N1", "N2", "N3", "E1", "E2"), parameterization = "theta"),
  o("random_exogenous", paste0(ne, "\nNe + Ex ~ decades\ndecades ~~ decades"), items, fixed.x = FALSE, conditional.x = FALSE),
  o("written_thresholds", "Ne =~ N1 + N2 + N3 + N4\nN1 | a*t1 + t2\nN2 | a*t1 + t2\nN3 | 0.4*t2", items[1:4]),
  o("written_intercept", "Ne =~ N1 + N2 + N3 + N4\nN1 | 0*t1\nN1 ~ 1", items[1:4]),
  o("written_residual_theta", "Ne =~ N1 + N2 + N3 + N4\nN1 | -0.2*t1 + 0.9*t2\nN1 ~ 1\nN1 ~~ N1", items[1:4], parameterization = "theta"),
  o("written_scale", "Ne =~ N1 + N2 + N3 + N4\nN1 | -0.2*t1 + 0.9*t2\nN1 ~ a*1\nN1 ~*~ b*N1", items[1:4]),
  o("equal_loadings", "Ne =~ N1 + l*N2 + l*N3 + N4", items[1:4], parameterization = "theta"))
write_oracle(cases, "sem_ordered.json", psych = as.character(packageVersion("psych")))
