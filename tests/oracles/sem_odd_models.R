# Odd models on other real data: R's own data sets and those of lavaan and psych.
source("lavaan_export.R")
suppressMessages(library(psych))
att <- datasets::attitude; sw <- datasets::swiss
mt <- transform(datasets::mtcars, hp = hp / 100, disp = disp / 100) # lavaan itself fails on the raw units
names(sw) <- gsub(".", "_", names(sw), fixed = TRUE)
gr <- Demo.growth; fb <- FacialBurns
st <- transform(psych::sat.act, SATV = SATV / 100, SATQ = SATQ / 100)
b5 <- psych::bfi[, c(paste0("A", 1:5), paste0("C", 1:5), paste0("E", 1:5), "gender", "age")]
for (n in c("att", "mt", "sw", "gr", "fb", "st", "b5")) save_data(n, get(n))
path <- "mpg ~ b1*wt + b2*hp\nhp ~ disp + cyl\nqsec ~ hp + wt"
grow <- "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4"
big <- "agree =~ A1 + A2 + A3 + A4 + A5\ncons =~ C1 + C2 + C3 + C4 + C5\nextra =~ E1 + E2 + E3 + E4 + E5"
th <- list(sample.cov = psych::Thurstone, sample.nobs = 213)
rownames(th$sample.cov) <- colnames(th$sample.cov) <- paste0("v", 1:9)
gs <- list(sample.cov = cov(gr[, paste0("t", 1:4)]), sample.mean = colMeans(gr[, paste0("t", 1:4)]), sample.nobs = nrow(gr))
cases <- list(
  one("path", "mt", path, mt), one("path_mlr", "mt", path, mt, list(estimator = "MLR")), one("path_mlm", "mt", path, mt, list(estimator = "MLM")),
  one("path_equal", "mt", paste0(path, "\nb1 == b2"), mt), one("path_affine", "mt", paste0(path, "\nb1 == 2*b2 + 0.1"), mt),
  one("path_means", "mt", path, mt, list(meanstructure = TRUE)), one("path_random", "mt", path, mt, list(fixed.x = FALSE)),
  one("path_wishart", "mt", path, mt, list(likelihood = "wishart")), one("path_uls", "att", "rating ~ complaints + learning\nlearning ~ complaints + privileges", att, list(estimator = "ULS")),
  one("path_gls", "att", "rating ~ complaints + learning\nlearning ~ complaints + privileges", att, list(estimator = "GLS")),
  one("regression", "att", "rating ~ complaints + privileges + learning + raises", att), one("regression_mlr", "att", "rating ~ complaints + learning", att, list(estimator = "MLR", meanstructure = TRUE)),
  one("one_factor_attitude", "att", "f =~ rating + complaints + privileges + learning + raises + critical + advance", att),
  one("feedback", "sw", "Fertility ~ Education + Catholic\nInfant_Mortality ~ Fertility + Examination\nEducation ~~ Examination", sw),
  one("scales", "sw", "f =~ Fertility + Agriculture + Examination + Education\nf ~ Catholic\nInfant_Mortality ~ f", sw),
  one("covariances_only", "sw", "Fertility ~~ Education\nEducation ~~ 0*Catholic + Examination\nFertility ~~ Catholic", sw),
  one("growth", "gr", grow, gr, list(), fun = "growth"), one("growth_covariates", "gr", paste0(grow, "\ni + s ~ x1 + x2\nt1 ~ c1\nt2 ~ c2\nt3 ~ c3\nt4 ~ c4"), gr, list(), fun = "growth"),
  one("growth_equal_residuals", "gr", paste0(grow, "\nt1 ~~ r*t1\nt2 ~~ r*t2\nt3 ~~ r*t3\nt4 ~~ r*t4"), gr, list(estimator = "MLR"), fun = "growth"),
  one("growth_basis", "gr", "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + t2 + t3 + 3*t4", gr, list(), fun = "growth"),
  one("growth_by_hand", "gr", paste0(grow, "\nt1 + t2 + t3 + t4 ~ 0*1\ni ~ 1\ns ~ 1"), gr), one("growth_statistics", "gr", grow, NULL, list(), fun = "growth", statistics = gs),
  one("sat", "st", "f =~ ACT + SATV + SATQ\nf ~ education + age + gender", st), one("sat_group", "st", "f =~ ACT + SATV + SATQ\nf ~ age", st, list(group = "gender", group.equal = "loadings", estimator = "MLM")),
  one("sat_cluster", "st", "SATV ~ a*ACT + age\nSATQ ~ b*ACT + gender\nd := a - b", st, list(cluster = "education")),
  one("burns", "fb", "anx =~ HADS + Selfesteem\nRUM ~ anx + TBSA\nHADS ~ Age", fb[, ], list()),
  one("bfi", "b5", big, b5), one("bfi_mlr", "b5", big, b5, list(estimator = "MLR")), one("bfi_mlm", "b5", big, b5, list(estimator = "MLM")), one("bfi_uls", "b5", big, b5, list(estimator = "ULS")),
  one("bfi_gls", "b5", big, b5, list(estimator = "GLS")), one("bfi_mimic_mlr", "b5", paste0(big, "\nagree ~ gender + age\nextra ~ agree + age"), b5, list(estimator = "MLR")),
  one("bfi_group", "b5", big, b5, list(group = "gender", group.equal = c("loadings", "intercepts"), group.partial = c("agree=~A4", "E3~1"), estimator = "MLR")),
  one("bfi_stdlv_reversed", "b5", big, b5, list(std.lv = TRUE)), one("bfi_marker_reversed", "b5", "agree =~ A5 + A1 + A2\nextra =~ E1 + E2 + E3 + E4\nagree ~ extra", b5),
  one("bfi_cluster", "b5", big, b5, list(cluster = "age")),
  one("thurstone", "Thurstone", "a =~ v1 + v2 + v3\nb =~ v4 + v5 + v6\nc =~ v7 + v8 + v9", NULL, list(), statistics = th),
  one("thurstone_second_order", "Thurstone", "a =~ v1 + v2 + v3\nb =~ v4 + v5 + v6\nc =~ v7 + v8 + v9\ng =~ a + b + c", NULL, list(std.lv = TRUE), statistics = th),
  one("thurstone_heywood", "Thurstone", "a =~ v1 + v2 + v3 + v4\nb =~ v4 + v5 + v6 + v1\nc =~ v7 + v8 + v9\na ~ b\nc ~ a", NULL, list(), statistics = th))
write_oracle(cases, "sem_odd_models.json", provenance = "datasets::attitude, mtcars, swiss; lavaan Demo.growth, FacialBurns; psych sat.act, bfi, Thurstone")
