# What follows a fit: modification indices, factor scores, residual correlations, bootstrap limits, small-sample tests.
source("lavaan_export.R")
H <- HolzingerSwineford1939; H$school <- as.character(H$school); P <- PoliticalDemocracy
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
med <- paste0(cfa3, "\ntextual ~ a*visual\nspeed ~ b*textual + c*visual\nind := a*b\ntotal := c + a*b\nprop := ind/total")
full <- "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8"
lists <- function(x) lapply(if (is.list(x)) x else list(x), function(m) unname(as.matrix(m)))
mods <- function(f) list(modification = { m <- rows(modindices(f)); m$sepc_nox <- NULL; m })
scores <- function(f) { first <- function(x) lists(lapply(if (is.list(x)) x else list(x), head, 8))
  list(regression = first(lavPredict(f)), bartlett = first(lavPredict(f, method = "Bartlett"))) }
resid <- function(f) { one <- function(type) { r <- lavResiduals(f, type = type, summary = FALSE)
    if (lavInspect(f, "ngroups") > 1) lapply(r, function(g) unname(as.matrix(unclass(g$cov)))) else list(unname(as.matrix(unclass(r$cov)))) }
  list(bentler = unname(one("cor.bentler")), bollen = unname(one("cor.bollen"))) }
all3 <- function(f) c(mods(f), scores(f), resid(f))
case <- function(id, name, model, data, options = list(), extra = all3) { o <- one(id, name, model, data, options, extra = extra); o[setdiff(names(o), c("parameters", "standardized", "fit", "r2"))] }
boot <- function(f) { b <- sem(med, H, se = "bootstrap", bootstrap = 1000, iseed = 1)
  pick <- function(type) { d <- parameterEstimates(b, boot.ci.type = type); keep(d[d$op %in% c("~", ":="), ], c("lhs", "op", "rhs", "se", "ci_lower", "ci_upper")) }
  list(perc = pick("perc"), bc = pick("bca.simple")) }
cases <- list(case("cfa", "hs1939", cfa3, H), case("stdlv", "hs1939", cfa3, H, list(std.lv = TRUE)), case("means", "hs1939", cfa3, H, list(meanstructure = TRUE)),
  case("groups", "hs1939", cfa3, H, list(group = "school", group.equal = c("loadings", "intercepts"))), case("bollen", "bollen", full, P), case("mlr", "hs1939", cfa3, H, list(estimator = "MLR")),
  case("gls", "hs1939", cfa3, H, list(estimator = "GLS"), mods), case("uls", "hs1939", cfa3, H, list(estimator = "ULS"), mods),
  case("mimic", "hs1939", paste0(cfa3, "\nvisual + textual ~ ageyr + sex\nspeed ~ visual"), H, list(), mods), case("path", "hs1939", "x1 ~ x2 + ageyr\nx4 ~ x1\nx7 ~ x4", H, list(), mods),
  case("mediation", "hs1939", med, H, list(), boot))
f <- sem(full, P); T <- 74 * fitMeasures(f, "chisq")[[1]] / 75; p <- 11; n <- 75; df <- 35; k <- (sqrt(1 + 4*p*(p+1) - 8*df) - 1)/2
sw <- 1 - (p*(2*p^2+3*p-1) - k*(2*k^2+3*k-1))/(12*df*(n-1)); ba <- 1 - (4*3+2*p+5)/(6*(n-1))
write_oracle(cases, "sem_after_the_fit.json", small_samples = list(swain = list(factor = sw, chisq = sw*T), bartlett = list(factor = ba, chisq = ba*T)))
