# Textbook models: Holzinger & Swineford 1939 and Political Democracy (both ship with lavaan).
source("lavaan_export.R")
H <- HolzingerSwineford1939[, c("sex", "ageyr", "school", "grade", paste0("x", 1:9))]; save_data("hs1939", H)
H$school <- as.character(H$school)
P <- PoliticalDemocracy; save_data("bollen", P)
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
med <- paste0(cfa3, "\ntextual ~ a*visual\nspeed ~ b*textual + c*visual\nind := a*b\ntotal := c + a*b\nprop := ind/total")
h <- function(id, model, ...) one(id, "hs1939", model, H, list(...))
steps <- list(configural = NULL, metric = "loadings", scalar = c("loadings", "intercepts"), strict = c("loadings", "intercepts", "residuals"),
  means = c("loadings", "intercepts", "residuals", "means"))
ladder <- function(est, partial = NULL, tag = est) lapply(names(steps), function(s) { a <- list(estimator = est, group = "school"); a$group.equal <- as.list(steps[[s]])
  if (!is.null(partial) && length(steps[[s]]) > 1) a$group.partial <- as.list(partial)
  b <- a; b$group.equal <- unlist(a$group.equal); if (!is.null(a$group.partial)) b$group.partial <- unlist(a$group.partial)
  if (is.null(b$group.equal)) b$group.equal <- ""
  o <- one(paste("ladder", tag, s, sep = "_"), "hs1939", cfa3, H, b); names(a) <- gsub(".", "_", names(a), fixed = TRUE); if (!is.null(o)) o$options <- a; o })
cases <- c(list(
  h("cfa_ml", cfa3), h("cfa_wishart", cfa3, likelihood = "wishart"), h("cfa_observed", cfa3, information = "observed"),
  h("cfa_stdlv", cfa3, std.lv = TRUE), h("cfa_means", cfa3, meanstructure = TRUE), h("cfa_mlr", cfa3, estimator = "MLR"),
  h("cfa_mlm", cfa3, estimator = "MLM"), h("cfa_mlmv", cfa3, estimator = "MLMV"), h("cfa_mlmvs", cfa3, estimator = "MLMVS"),
  h("cfa_mlf", cfa3, estimator = "MLF"), h("cfa_gls", cfa3, estimator = "GLS"), h("cfa_gls_means", cfa3, estimator = "GLS", meanstructure = TRUE),
  h("cfa_uls", cfa3, estimator = "ULS"), h("one_factor", "g =~ x1+x2+x3+x4+x5+x6+x7+x8+x9"), h("mediation", med), h("mediation_mlr", med, estimator = "MLR"),
  h("cluster", cfa3, cluster = "school"), h("cluster_age", cfa3, cluster = "ageyr", estimator = "MLR"),
  h("second_order", paste0(cfa3, "\ng =~ visual + textual + speed")),
  h("second_order_stdlv", paste0(cfa3, "\ng =~ visual + textual + speed"), std.lv = TRUE),
  h("bifactor", "g =~ x1+x2+x3+x4+x5+x6+x7+x8+x9\ns =~ x7+x8+x9\ng ~~ 0*s"),
  h("mimic", paste0(cfa3, "\nvisual + textual + speed ~ ageyr + sex")), h("mimic_mlr", paste0(cfa3, "\nvisual + textual + speed ~ ageyr + sex"), estimator = "MLR"),
  h("mimic_mlm", paste0(cfa3, "\nvisual + textual + speed ~ ageyr + sex"), estimator = "MLM"),
  h("mimic_mlmv", paste0(cfa3, "\nvisual + textual + speed ~ ageyr + sex"), estimator = "MLMV"),
  h("mimic_random_x", paste0(cfa3, "\nvisual + textual + speed ~ ageyr + sex"), fixed.x = FALSE),
  h("mimic_gls", paste0(cfa3, "\nvisual + textual + speed ~ ageyr + sex"), estimator = "GLS"),
  h("dif", paste0(cfa3, "\nvisual + textual + speed ~ sex\nx3 + x7 ~ sex"), meanstructure = TRUE),
  h("tau_equivalent", "f =~ a*x1 + a*x2 + a*x3 + x4\n", std.lv = TRUE),
  h("linear_constraint", paste0("visual =~ x1 + b1*x2 + b2*x3\ntextual =~ x4 + b3*x5 + x6\nb1 == 2*b2 - 0.7\nb3 == b1 + b2\nsum := b1 + b2 + exp(b3)")),
  h("fixed_by_constraint", "visual =~ x1 + b1*x2 + b2*x3\ntextual =~ x4 + x5 + x6\nb1 == 0.6"),
  h("equal_modifier", "visual =~ x1 + x2 + equal(\"visual=~x2\")*x3\ntextual =~ x4 + x5 + x6"),
  h("single_indicator", "v =~ x1 + x2 + x3\ns =~ 1*x9\nx9 ~~ 0.3*x9\nage =~ ageyr\ns ~ v + age"),
  h("orthogonal", cfa3, orthogonal = TRUE),
  h("group_labels", paste0(cfa3, "\nspeed ~ c(b1,b2)*visual + c(g1,g2)*textual\ndb := b1-b2\ndg := g1-g2"), group = "school", group.equal = "loadings"),
  h("group_mixed_modifiers", "visual =~ c(1,NA)*x1 + c(a,b)*x2 + c(0.7,0.7)*x3\nvisual ~~ c(NA,1)*visual\nx1 ~ c(m,m)*1", group = "school"),
  h("group_regressions", paste0(cfa3, "\nspeed ~ visual + textual"), group = "school", group.equal = c("loadings", "regressions")),
  h("group_stdlv", cfa3, group = "school", group.equal = c("loadings", "intercepts"), std.lv = TRUE),
  h("group_variances", cfa3, group = "school", group.equal = c("loadings", "lv.variances", "lv.covariances")),
  h("group_residual_covariances", paste0(cfa3, "\nx7 ~~ x8"), group = "school", group.equal = c("loadings", "residual.covariances")),
  h("group_mimic", paste0(cfa3, "\nspeed ~ ageyr"), group = "school", estimator = "MLR"),
  h("group_no_means", cfa3, group = "school", meanstructure = FALSE, group.equal = "loadings"),
  h("group_wishart", cfa3, group = "school", likelihood = "wishart"), h("group_gls", cfa3, group = "school", estimator = "GLS", group.equal = "loadings"),
  h("group_uls", cfa3, group = "school", estimator = "ULS"), h("group_mlm", cfa3, group = "school", estimator = "MLM", group.equal = c("loadings", "intercepts")),
  h("group_mlmv", cfa3, group = "school", estimator = "MLMV", group.equal = "loadings"),
  h("latent_and_observed_outcomes", "f =~ x1 + x2 + x3\nx4 ~ f + ageyr\nx7 ~ f + sex\nx4 ~~ 0*x7"),
  h("correlated_residuals_start", paste0(cfa3, "\nx7 ~~ start(0.3)*x8\nx1 ~~ 0.1*x2"))),
  ladder("ML"), ladder("MLR"), ladder("ML", c("x3~1", "x7~1"), "partial"))
pm <- "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8"
rc <- "y1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8"
full <- paste(pm, "dem60 ~ ind60\ndem65 ~ ind60 + dem60", rc, sep = "\n")
equal <- paste("ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + d1*y2 + d2*y3 + d3*y4\ndem65 =~ y5 + d1*y6 + d2*y7 + d3*y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60", rc, sep = "\n")
ind <- paste(pm, "dem60 ~ a*ind60\ndem65 ~ c*ind60 + b*dem60", rc, "ind := a*b\ntotal := a*b + c", sep = "\n")
b <- function(id, model, ...) one(id, "bollen", model, P, list(...))
cases <- c(cases, list(b("bollen_ml", full), b("bollen_wishart", full, likelihood = "wishart"), b("bollen_mlr", full, estimator = "MLR"),
  b("bollen_mlm", full, estimator = "MLM"), b("bollen_equal", equal), b("bollen_equal_mlr", equal, estimator = "MLR"), b("bollen_equal_mlm", equal, estimator = "MLM"),
  b("bollen_indirect", ind), b("bollen_gls", full, estimator = "GLS"), b("bollen_uls", full, estimator = "ULS"), b("bollen_stdlv", full, std.lv = TRUE),
  b("bollen_measurement", pm), b("bollen_no_residual_covariances", paste(pm, "dem60 ~ ind60\ndem65 ~ ind60 + dem60", sep = "\n")),
  b("bollen_observed_expected", full, information = "observed", meanstructure = TRUE)))
write_oracle(cases, "sem_textbook.json", provenance = "HolzingerSwineford1939 and PoliticalDemocracy as shipped with the R package lavaan")
