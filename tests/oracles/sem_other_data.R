# Ordered, incomplete and clustered data of other studies than those of the files beside this one, so that each estimator
# stands on two. Run from this folder, after sem_textbook.R and sem_incomplete.R: Rscript sem_other_data.R
source("lavaan_export.R")
long <- lme4::VerbAgg                                            # 316 persons: no, perhaps, yes
long$answer <- as.integer(long$resp)
wide <- reshape(long[, c("id", "Anger", "Gender", "item", "answer")], idvar = c("id", "Anger", "Gender"), timevar = "item", direction = "wide")
names(wide) <- sub("answer.", "", names(wide), fixed = TRUE)
want <- c("S1WantCurse", "S1WantScold", "S2WantCurse", "S2WantScold"); does <- c("S1DoCurse", "S1DoScold", "S2DoCurse", "S2DoScold")
V <- wide[, c("Anger", "Gender", want, does)]; V$Gender <- as.character(V$Gender); save_data("va", V)
A <- psychTools::sai; A <- A[A$study == "XRAY", c("calm", "at.ease", "relaxed", "content", "tense", "upset", "nervous", "jittery")]
names(A)[2] <- "at_ease"; save_data("sai", A)
b <- read.csv("data/bfi_incomplete.csv"); b5 <- read.csv("data/b5.csv"); H <- read.csv("data/hs1939.csv"); mt <- read.csv("data/mt.csv")
items <- c(want, does)
two <- paste0("want =~ ", paste(want, collapse = " + "), "\ndo =~ ", paste(does, collapse = " + "))
path <- paste0(two, "\ndo ~ b*want\nAnger ~ c*do + a*want\nthrough := b*c")
v <- function(id, model, ..., ordered = items, extra = NULL) one(id, "va", model, V, list(ordered = ordered, ...), extra)
calm <- "calmness =~ calm + at_ease + relaxed + content\ntension =~ tense + upset + nervous + jittery"
s <- function(id, model, ..., missing = "fiml", extra = NULL) one(id, "sai", model, A, list(missing = missing, ...), extra)
lt <- c("loadings", "thresholds")
residuals <- function(f) { of <- function(type) { r <- lavResiduals(f, type = type); lapply(if (lavInspect(f, "ngroups") > 1) unname(r) else list(r), function(g) unclass(unname(as.matrix(g$cov)))) }
  list(bentler = of("cor.bentler"), bollen = of("cor.bollen")) }
cases <- list(
  v("va_wlsmv", two), v("va_theta", two, parameterization = "theta"), v("va_dwls", two, estimator = "DWLS"), v("va_wls", two, estimator = "WLS"),
  v("va_ulsmv", two, estimator = "ULSMV"), v("va_uls", two, estimator = "ULS"), v("va_wlsm", two, estimator = "WLSM"), v("va_wlsmvs", two, estimator = "WLSMVS"),
  v("va_std_lv", two, std.lv = TRUE), v("va_mixed_outcome", path, extra = residuals), v("va_given", paste0(two, "\nwant + do ~ Anger")),
  v("va_mixed_theta", path, parameterization = "theta"),
  v("va_groups", two, group = "Gender"), v("va_groups_delta", two, group = "Gender", group.equal = lt),
  v("va_groups_theta", two, group = "Gender", group.equal = lt, parameterization = "theta", extra = residuals), v("va_groups_uls", two, group = "Gender", group.equal = lt, estimator = "ULSMV"),
  v("va_groups_partial", two, group = "Gender", group.equal = lt, group.partial = c("S1DoScold|t2", "do=~S2DoCurse")),
  s("sai_ml", calm), s("sai_mlr", paste0(calm, "\ntension ~ calmness"), estimator = "MLR"), s("sai_mlf", calm, estimator = "MLF"),
  s("sai_expected", calm, information = "expected"), s("sai_mlr_expected", calm, estimator = "MLR", information = "expected"), s("sai_first_order", calm, se = "first.order"),
  s("sai_wlsmv_pairwise", calm, missing = "pairwise", ordered = names(A), extra = residuals), s("sai_ulsmv_pairwise", calm, missing = "pairwise", ordered = names(A), estimator = "ULSMV"),
  s("sai_theta_pairwise", calm, missing = "pairwise", ordered = names(A), parameterization = "theta"),
  one("bfi_fiml_cluster", "bfi_incomplete", "Ne =~ N1 + N2 + N3 + N4\nEx =~ E1 + E2 + E3 + E4", b, list(missing = "fiml", estimator = "MLR", cluster = "age")))
write_oracle(cases, "sem_other_data.json", psychTools = as.character(packageVersion("psychTools")), lme4 = as.character(packageVersion("lme4")))
five <- "A =~ A1 + A2 + A3 + A4 + A5\nE =~ E1 + E2 + E3 + E4 + E5"
f <- function(id, ..., group = NULL) one(id, "b5", five, b5, c(list(...), list(group = group)))
complete <- list(
  f("b5_mlmv", estimator = "MLMV"), f("b5_mlmvs", estimator = "MLMVS"), f("b5_mlf", estimator = "MLF"), f("b5_first_order", information = "first.order"),
  f("b5_mlmv_groups", estimator = "MLMV", group = "gender", group.equal = "loadings"), f("b5_gls_groups", estimator = "GLS", group = "gender", group.equal = "loadings"),
  f("b5_uls_groups", estimator = "ULS", group = "gender"), f("b5_sandwich", se = "robust.huber.white"), f("b5_mlr_expected", estimator = "MLR", information = "expected"),
  f("b5_robust", se = "robust"), f("b5_mlr_standard", estimator = "MLR", se = "standard"), f("b5_mlr_robust_sem", estimator = "MLR", se = "robust.sem"),
  f("b5_cluster_groups", cluster = "age", group = "gender"))
write_oracle(complete, "sem_other_data_complete.json", provenance = "psych bfi")
