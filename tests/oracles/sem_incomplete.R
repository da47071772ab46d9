# Fits of incomplete data by full-information maximum likelihood. Run from this folder: Rscript sem_incomplete.R
source("lavaan_export.R")
suppressMessages(library(psych))
H <- HolzingerSwineford1939[, c("school", "sex", "ageyr", "agemo", paste0("x", 1:9))]
H$school <- as.character(H$school)
H$x5 <- ifelse(H$x1 <= quantile(H$x1, .3), NA, H$x5)      # missing at random given x1
H$x9 <- ifelse(H$ageyr <= 12 & H$x4 > 3, NA, H$x9)
H$x2[seq(7, 301, 29)] <- NA; H$sex[c(3, 44)] <- NA; H$ageyr[c(12, 180, 181)] <- NA; H[c(20, 99), paste0("x", 1:9)] <- NA
save_data("hs1939_holes", H)
b <- bfi[1001:1500, c(paste0("N", 1:4), paste0("E", 1:4), "gender", "age")]; save_data("bfi_incomplete", b)
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
x2 <- paste0(cfa3, "\nvisual + textual + speed ~ ageyr + sex")
h <- function(id, model, ...) one(id, "hs1939_holes", model, H, list(missing = "fiml", ...))
n <- function(id, model, ...) one(id, "bfi_incomplete", model, b, list(missing = "fiml", ...))
ne <- "Ne =~ N1 + N2 + N3 + N4\nEx =~ E1 + E2 + E3 + E4"
cases <- list(
  h("fiml_ml", cfa3), h("fiml_mlr", cfa3, estimator = "MLR"), h("fiml_mlf", cfa3, estimator = "MLF"),
  h("fiml_expected", cfa3, information = "expected"), h("fiml_mlr_expected", cfa3, estimator = "MLR", information = "expected"),
  h("fiml_exogenous", x2), h("fiml_exogenous_mlr", x2, estimator = "MLR"), h("fiml_exogenous_random", x2, fixed.x = FALSE, estimator = "MLR"),
  h("fiml_mediation", "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\ntextual ~ a*visual\nspeed ~ b*textual + c*visual\nind := a*b", estimator = "MLR"),
  h("fiml_cluster", cfa3, cluster = "agemo", estimator = "MLR"),
  h("fiml_group", cfa3, group = "school", estimator = "MLR"),
  h("fiml_group_scalar", cfa3, group = "school", estimator = "MLR", group.equal = c("loadings", "intercepts")),
  h("fiml_group_scalar_ml", cfa3, group = "school", group.equal = c("loadings", "intercepts"), group.partial = "x7~1"),
  n("fiml_bfi", ne, estimator = "MLR"), n("fiml_bfi_observed_outcome", paste0(ne, "\nage ~ Ne + Ex"), estimator = "MLR"),
  n("fiml_bfi_metric", ne, estimator = "MLR", group = "gender", group.equal = "loadings"))
write_oracle(cases, "sem_incomplete.json", psych = as.character(packageVersion("psych")))
