# Ordered and mixed data given exogenous variables (conditional.x). Run from this folder: Rscript sem_conditional.R
source("lavaan_export.R")
b <- read.csv("data/bfi_merged.csv")
ne <- "Ne =~ N1 + N2 + N3 + N4"; both <- paste0(ne, "\nEx =~ E1 + E2 + E3"); items <- c(paste0("N", 1:4), paste0("E", 1:3))
c1 <- function(id, model, ordered, ...) one(id, "bfi_merged", model, b, list(ordered = ordered, ...))
mimic <- paste0(both, "\nNe ~ decades + gender\nEx ~ Ne + gender")
cases <- list(
  c1("one_covariate", paste0(ne, "\nNe ~ decades"), items[1:4]), c1("mimic", mimic, items), c1("theta", paste0(ne, "\nNe ~ decades + gender"), items[1:4], parameterization = "theta"),
  c1("mimic_ulsmv", mimic, items, estimator = "ULSMV"), c1("mimic_dwls", mimic, items, estimator = "DWLS"), c1("mimic_pairwise", mimic, items, missing = "pairwise"),
  c1("mimic_std_lv", mimic, items, std.lv = TRUE), c1("direct_effect", paste0(ne, "\nNe ~ gender + decades\nN2 ~ gender"), items[1:4]),
  c1("three_covariates_binary_outcome", paste0(ne, "\nNe ~ a*decades + gender + E4\nA1 ~ b*Ne + c*gender\nindirect := a*b"), c(items[1:4], "A1")),
  c1("mixed", "Ne =~ N1 + N2 + N3 + N5\nEx =~ E1 + E2 + E4\nNe ~ decades + gender\nEx ~ Ne + decades", c("N1", "N2", "N3", "E1", "E2")),
  c1("observed_path", "A1 ~ N1 + gender\nN1 ~ decades + gender", c("A1", "N1")),
  c1("probit", "A1 ~ decades + gender", "A1"), c1("ordered_probits", "N1 + N2 ~ decades + gender", c("N1", "N2")),
  c1("groups", paste0(ne, "\nNe ~ decades"), items[1:4], group = "sex"), c1("groups_equal", paste0(ne, "\nNe ~ decades"), items[1:4], group = "sex", group.equal = c("loadings", "thresholds", "regressions")))
write_oracle(cases, "sem_conditional.json")
